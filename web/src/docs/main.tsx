import "swagger-ui-dist/swagger-ui.css";
import "../features/session/demo-bar.css";
import "./docs.css";
import { createRoot } from "react-dom/client";
import { DocsPage } from "./docs-page.js";

const root = document.getElementById("root");
if (!root) throw new Error("docs.html has no #root");

createRoot(root).render(<DocsPage />);
