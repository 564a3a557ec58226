import { createContext, use, type ReactNode } from "react";
import { useStore } from "../../lib/store.js";
import type { Session, SessionStore } from "./session.store.js";

const SessionContext = createContext<SessionStore | null>(null);

/** Gives everything below the tab's session. */
export function SessionProvider({ store, children }: { readonly store: SessionStore; readonly children: ReactNode }) {
  return <SessionContext value={store}>{children}</SessionContext>;
}

/** The session's verbs: log in, log out. */
export function useSessionStore(): SessionStore {
  const store = use(SessionContext);
  if (!store) throw new Error("No SessionProvider above");
  return store;
}

/** The session as it is now. */
export function useSession(): Session {
  return useStore(useSessionStore());
}
