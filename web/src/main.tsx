import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createAppearance } from "./app/appearance.js";
import { Router } from "./app/routes.js";
import { ThemeProvider } from "./app/theme.context.js";
import { SessionProvider } from "./features/session/session.context.js";
import { createSessionStore } from "./features/session/session.store.js";
import { SpeechProvider } from "./words/speech.context.js";
import { loadPartsWhenIdle } from "./ui/lazy-part.js";
import { createSpeech } from "./words/words.js";
import "./ui/base.css";

async function start(): Promise<void> {
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");
  const speech = createSpeech(window.localStorage);
  // So that nobody sees another language first.
  await speech.ready;
  createRoot(root).render(
    <StrictMode>
      <SpeechProvider speech={speech}>
        <ThemeProvider appearance={createAppearance(window.localStorage)}>
          <SessionProvider store={createSessionStore(window.sessionStorage)}>
            <Router />
          </SessionProvider>
        </ThemeProvider>
      </SpeechProvider>
    </StrictMode>,
  );
}

void start().then(loadPartsWhenIdle);
