import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createAppearance } from "./app/appearance.js";
import { Router } from "./app/routes.js";
import { ThemeProvider } from "./app/theme.context.js";
import { SessionProvider } from "./features/session/session.context.js";
import { createSessionStore } from "./features/session/session.store.js";
import "./ui/base.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

createRoot(root).render(
  <StrictMode>
    <ThemeProvider appearance={createAppearance(window.localStorage)}>
      <SessionProvider store={createSessionStore(window.sessionStorage)}>
        <Router />
      </SessionProvider>
    </ThemeProvider>
  </StrictMode>,
);
