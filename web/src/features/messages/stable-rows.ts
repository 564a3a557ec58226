import type { FeedMessage } from "./message-edge.graphql.js";
import type { TimelineRow } from "./timeline.js";

type Row = TimelineRow<FeedMessage>;

function isSameMessage(a: FeedMessage, b: FeedMessage): boolean {
  return (
    a.id === b.id &&
    a.createdAt === b.createdAt &&
    a.clientMutationId === b.clientMutationId &&
    a.user.id === b.user.id &&
    a.attachment?.width === b.attachment?.width &&
    a.attachment?.height === b.attachment?.height
  );
}

function isSameRow(a: Row, b: Row): boolean {
  const isAlike =
    a.key === b.key &&
    a.dayStart === b.dayStart &&
    a.startsGroup === b.startsGroup &&
    a.isFirstUnread === b.isFirstUnread &&
    a.isAfterGap === b.isAfterGap;
  if (!isAlike) return false;
  if (a.kind === "message") return b.kind === "message" && isSameMessage(a.message, b.message);
  return b.kind === "pending" && a.entry === b.entry;
}

function keepRows(before: readonly Row[], rows: readonly Row[]): readonly Row[] {
  const known = new Map(before.map((row) => [row.key, row]));
  const kept = rows.map((row) => {
    const same = known.get(row.key);
    return same && isSameRow(same, row) ? same : row;
  });
  return kept.length === before.length && kept.every((row, index) => row === before[index]) ? before : kept;
}

/**
 * Makes what answers a feed's rows, each the very object that it was the last time if nothing of it has changed, and so
 * all of them: the cache is read anew with each event, and only a row that is another one is drawn again.
 */
export function createRowKeeper(): (rows: readonly Row[]) => readonly Row[] {
  let kept: readonly Row[] = [];
  return (rows) => (kept = keepRows(kept, rows));
}
