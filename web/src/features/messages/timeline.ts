import type { OutboxEntry } from "../../lib/outbox-entry.js";

/** A message as far as its place in the feed depends on it. */
export interface TimelineMessage {
  readonly id: string;
  readonly createdAt: string;
  readonly clientMutationId: string | null;
  readonly user: { readonly id: string };
}

interface RowBase {
  /** The row's identity for React and for the virtual list: it stays when a sent message becomes a stored one. */
  readonly key: string;
  /** The day that begins with this row, as an ISO time; null when it goes on. */
  readonly dayStart: string | null;
  /** Whether the author's name stands above it. */
  readonly startsGroup: boolean;
  readonly isFirstUnread: boolean;
  /** Whether messages that are not loaded stand above it. */
  readonly isAfterGap: boolean;
}

export interface MessageTimelineRow<Message extends TimelineMessage> extends RowBase {
  readonly kind: "message";
  readonly message: Message;
}

export interface PendingTimelineRow extends RowBase {
  readonly kind: "pending";
  readonly entry: OutboxEntry;
}

export type TimelineRow<Message extends TimelineMessage> = MessageTimelineRow<Message> | PendingTimelineRow;

export interface TimelineInput<Message extends TimelineMessage> {
  readonly messages: readonly Message[];
  /** What the viewer has written in this room and is not known to be stored. */
  readonly pending: readonly OutboxEntry[];
  readonly viewerId: string;
  /** Whether newer messages exist that are not loaded: they stand between the window and what is on its way. */
  readonly hasNewer: boolean;
  /** Whether older messages exist that are not loaded. */
  readonly hasOlder: boolean;
  /** The first message below the unread divider; null for no divider. */
  readonly firstUnreadId: string | null;
}

export const GROUP_WITHIN_MS = 5 * 60_000;

const DAY_MS = 24 * 60 * 60_000;

interface Place {
  readonly key: string;
  readonly authorId: string;
  readonly at: string;
  readonly isFirstUnread: boolean;
}

function isSameDay(a: string, b: string): boolean {
  const from = new Date(a);
  const to = new Date(b);
  return from.getDate() === to.getDate() && Math.abs(to.getTime() - from.getTime()) < DAY_MS;
}

function rowBase({ key, authorId, at, isFirstUnread }: Place, previous: Place | null): RowBase {
  const startsDay = previous === null || !isSameDay(previous.at, at);
  const isGrouped =
    previous !== null &&
    !startsDay &&
    !isFirstUnread &&
    previous.authorId === authorId &&
    Date.parse(at) - Date.parse(previous.at) <= GROUP_WITHIN_MS;
  return { key, dayStart: startsDay ? at : null, startsGroup: !isGrouped, isFirstUnread, isAfterGap: false };
}

/**
 * The rows of a feed: stored messages, then what is still on its way. Separators are properties of the
 * row below them, so that a row's key never depends on what is loaded above it.
 */
export function buildTimeline<Message extends TimelineMessage>(
  input: TimelineInput<Message>,
): readonly TimelineRow<Message>[] {
  const rows: TimelineRow<Message>[] = [];
  const stored = new Set<string>();
  let previous: Place | null = null;
  let isGapAhead = input.hasNewer;
  // Whether the oldest loaded message begins a group or a day only the one before it tells. It waits for that unseen, so that
  // nothing on the screen changes its height when older ones come.
  const isFirstKept = !input.hasOlder || input.messages.length === 1 || input.messages[0]?.id === input.firstUnreadId;
  for (const [index, message] of input.messages.entries()) {
    const { id, createdAt, clientMutationId, user } = message;
    if (clientMutationId) stored.add(clientMutationId);
    const isFirstUnread = id === input.firstUnreadId;
    const place: Place = { key: clientMutationId ?? id, authorId: user.id, at: createdAt, isFirstUnread };
    const base = rowBase(place, previous);
    // What begins above the first loaded row is not known while there are older ones.
    const isCut = previous === null && input.hasOlder;
    if (index > 0 || isFirstKept)
      rows.push({ ...base, dayStart: isCut ? null : base.dayStart, kind: "message", message });
    previous = place;
  }
  for (const entry of input.pending) {
    const { clientMutationId: key, createdAt: at } = entry;
    if (stored.has(key)) continue;
    const place: Place = { key, authorId: input.viewerId, at, isFirstUnread: false };
    const isAfterGap = isGapAhead;
    rows.push({ ...rowBase(place, isAfterGap ? null : previous), isAfterGap, kind: "pending", entry });
    previous = place;
    isGapAhead = false;
  }
  return rows;
}

/** The first message beyond the read position by someone else: where the unread divider stands. */
export function findFirstUnread(
  messages: readonly TimelineMessage[],
  lastReadAt: string | null,
  viewerId: string,
): TimelineMessage | null {
  const readMs = lastReadAt === null ? -Infinity : Date.parse(lastReadAt);
  return messages.find(({ createdAt, user }) => user.id !== viewerId && Date.parse(createdAt) > readMs) ?? null;
}
