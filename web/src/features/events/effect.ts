/** Who looks at the cache: some events mean another thing to the one they are about. */
export interface Viewer {
  readonly id: string;
}

/** What an event asks for beyond the cache. Data, so that applying stays a pure matter of the cache. */
export type Effect =
  | { readonly kind: "recount"; readonly roomId: string }
  | {
      /** Somebody names the viewer, or writes to them alone. */
      readonly kind: "attention";
      readonly roomId: string;
      readonly messageId: string;
      readonly author: string;
      /** Null for a direct room: its name is the author's. */
      readonly roomName: string | null;
      /** What it says, in one line without marks. */
      readonly text: string;
    }
  | {
      readonly kind: "roomGone";
      readonly roomId: string;
      readonly name: string;
      readonly reason: "removed" | "deleted";
    };
