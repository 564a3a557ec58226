import { ApolloProvider } from "@apollo/client/react";
import { useCallback, useEffect, useState } from "react";
import { Outlet } from "react-router";
import { ChatContext, type Chat } from "../features/session/chat.context.js";
import { useSessionStore } from "../features/session/session.context.js";
import { backoffMs } from "../lib/backoff.js";
import { describeError, toFailure } from "../lib/errors.js";
import { createDatabaseStorage } from "../lib/outbox-database.js";
import { createFallbackStorage } from "../lib/outbox-storage.js";
import { createTrayDatabase } from "../lib/tray-storage.js";
import { PaneError } from "../ui/pane-states.js";
import { openChat } from "./chat.js";
import { Spoken } from "../words/speech.context.js";
import { ShellSkeleton } from "./shell-skeleton.js";

// Outlives sessions and pages: what was written and not sent is sent when the same user is back.
const outboxStorage = createFallbackStorage(createDatabaseStorage());
const trayStorage = createTrayDatabase();

/** A server that starts takes a while; a person should not have to press a button for it. */
function useRetry(isFailed: boolean, round: number, retry: () => void): void {
  useEffect(() => {
    if (!isFailed) return;
    const timer = setTimeout(retry, backoffMs(round));
    window.addEventListener("online", retry);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("online", retry);
    };
  }, [isFailed, round, retry]);
}

/** What has come of opening the chat; an error stays to be read while it is tried again. */
type Opening = { readonly chat: Chat } | { readonly error: unknown; readonly round: number } | null;

function useOpenChat(token: string): { readonly opening: Opening; readonly retry: () => void } {
  const session = useSessionStore();
  const [opening, setOpening] = useState<Opening>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    let chat: Chat | null = null;
    openChat({ token, outboxStorage, trayStorage, onUnauthenticated: () => session.expire(token) }).then(
      (opened) => {
        if (!isCurrent) return opened.close();
        chat = opened;
        setOpening({ chat: opened });
      },
      (error: unknown) => isCurrent && toFailure(error).code !== "UNAUTHENTICATED" && setOpening({ error, round }),
    );
    return () => {
      isCurrent = false;
      chat?.close();
      setOpening((known) => (known && "chat" in known ? null : known));
    };
  }, [token, session, round]);
  const retry = useCallback(() => setRound((count) => count + 1), []);
  useRetry(opening !== null && "error" in opening && opening.round === round, round, retry);
  return { opening, retry };
}

/** Opens the chat for a token and gives it to everything below, once the rooms are there. */
export function ChatProvider({ token }: { readonly token: string }) {
  const { opening, retry } = useOpenChat(token);
  if (!opening) return <ShellSkeleton />;
  if ("error" in opening) return <PaneError message={describeError(opening.error)} onRetry={retry} />;
  return (
    <ChatContext value={opening.chat}>
      <ApolloProvider client={opening.chat.client}>
        <Spoken>
          <Outlet />
        </Spoken>
      </ApolloProvider>
    </ChatContext>
  );
}
