import type { Notebook } from "./notebook.js";
import type { Clients } from "./sender.js";

/** Somebody who follows a room (`chatRoomEvents`, or the raw WebSocket with `after`), or all of theirs (`chatEvents`). */
export type FollowerPlan = (
  | { readonly by: "chatRoomEvents" | "raw"; readonly room: number }
  | { readonly by: "chatEvents" }
) & {
  readonly user: number;
  /** At which node they begin, by its place; absent: at any, as afterwards. */
  readonly at?: number;
};

/** What a follower does when a connection has ended: try again and resume, or stop. */
export type Ending = "again" | "stop";

/** One connection of a follower's, from its dialling to its end. */
export interface Connection {
  readonly url: string;
  readonly token: string;
  readonly clients: Clients;
  readonly notebook: Notebook;
  /** The server says that it follows. */
  ready(): void;
}
