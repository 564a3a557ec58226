import { createStore, type Store } from "../../lib/store.js";

const TOKEN_KEY = "parley.token";

/** How the present token was lost, for the log-in page to say. */
export type SessionEnd = "none" | "loggedOut" | "expired";

export interface Session {
  readonly token: string | null;
  readonly end: SessionEnd;
}

export interface SessionStore extends Store<Session> {
  readonly logIn: (token: string) => void;
  readonly logOut: () => void;
  /** The server has refused this token. A newer one, taken meanwhile, stays. */
  readonly expire: (token: string) => void;
}

/** The session of this tab alone: two tabs can be two users. */
export function createSessionStore(storage: Storage): SessionStore {
  const store = createStore<Session>({ token: storage.getItem(TOKEN_KEY), end: "none" });
  const end = (how: SessionEnd): void => {
    storage.removeItem(TOKEN_KEY);
    store.set({ token: null, end: how });
  };
  return {
    ...store,
    logIn: (token) => {
      storage.setItem(TOKEN_KEY, token);
      store.set({ token, end: "none" });
    },
    logOut: () => end("loggedOut"),
    expire: (token) => {
      if (store.get().token === token) end("expired");
    },
  };
}
