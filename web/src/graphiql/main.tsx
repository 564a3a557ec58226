import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "../features/session/demo-bar.css";
import "./graphiql.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { GraphiQLPage } from "./graphiql-page.js";

const root = document.getElementById("root");
if (!root) throw new Error("graphiql.html has no #root");

createRoot(root).render(
  <StrictMode>
    <GraphiQLPage />
  </StrictMode>,
);
