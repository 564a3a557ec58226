import type { ChatFrame } from "./types.ts";

/** `waiting` is a connection that broke and is made again by itself. */
export type ConnectionState = "connecting" | "open" | "waiting" | "closed";

/** What an app hears: the room's frames, and how its connection does. */
export type ChatSocketEvent =
  | Exclude<ChatFrame, { readonly type: "ready" | "authenticated" }>
  /** Fetch the room now: what happens from here on comes as frames. At the start, and when too much was missed. */
  | { readonly type: "resync" }
  /** `reason` is why it broke, in words, where that is known. */
  | { readonly type: "state"; readonly state: ConnectionState; readonly reason: string }
  /** For good: removed from the room (4403), or there is none (4404). */
  | { readonly type: "closed"; readonly code: number; readonly reason: string }
  /** No token is good: log in, then connect again. */
  | { readonly type: "unauthenticated" };

export type ChatSocketEventOf<Type extends ChatSocketEvent["type"]> = Extract<ChatSocketEvent, { readonly type: Type }>;
