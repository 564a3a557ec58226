import type { TimelineMessage } from "./timeline.js";

/** The viewer's newest message in the window: what Up in an empty composer edits. */
export function findLastOwn(edges: readonly { readonly node: TimelineMessage }[], viewerId: string): string | null {
  return edges.findLast(({ node }) => node.user.id === viewerId)?.node.id ?? null;
}
