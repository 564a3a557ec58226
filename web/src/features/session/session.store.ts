import { createStore, type Store } from "../../lib/store.js";

const TOKEN_KEY = "parley.token";

/** How the present token was lost, for the log-in page to say. */
export type SessionEnd = "none" | "loggedOut" | "expired" | "unusable";

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

/** A header carries nothing else; a browser refuses to send it, which would look like a network that is away. */
const SENDABLE = /^[\x21-\x7e]+$/;

function begin(token: string | null): Session {
  if (token === null || SENDABLE.test(token)) return { token, end: "none" };
  return { token: null, end: "unusable" };
}

/** The session of this tab alone: two tabs can be two users. */
export function createSessionStore(storage: Storage): SessionStore {
  const store = createStore<Session>(begin(storage.getItem(TOKEN_KEY)));
  const end = (how: SessionEnd): void => {
    storage.removeItem(TOKEN_KEY);
    store.set({ token: null, end: how });
  };
  return {
    ...store,
    logIn: (token) => {
      const session = begin(token);
      if (session.token !== null) storage.setItem(TOKEN_KEY, session.token);
      store.set(session);
    },
    logOut: () => end("loggedOut"),
    expire: (token) => {
      if (store.get().token === token) end("expired");
    },
  };
}
