import type { FieldPolicy, Reference } from "@apollo/client/cache";

/** An edge as the cache stores it. `cursor` is empty on messages that came as events: those have none. */
export interface StoredEdge {
  readonly __typename: "ChatMessageEdge";
  readonly cursor: string;
  readonly node: Reference;
}

interface StoredPageInfo {
  readonly __typename: "PageInfo";
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** The one contiguous stretch of a room's messages that the client holds. It is live while `hasNextPage` is false. */
export interface StoredWindow {
  readonly __typename: "ChatMessageConnection";
  readonly edges: readonly StoredEdge[];
  readonly pageInfo: StoredPageInfo;
}

/** What decides the order of two messages of a room. */
export interface MessagePlace {
  readonly id: string;
  readonly createdAt: string;
}

/** Negative when `a` stands before `b`. Ids are numbers in strings, so a longer one is larger. */
export function compareMessages(a: MessagePlace, b: MessagePlace): number {
  const byTime = Date.parse(a.createdAt) - Date.parse(b.createdAt);
  if (byTime !== 0) return byTime;
  return a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function withoutKnown(edges: readonly StoredEdge[], known: readonly StoredEdge[]): StoredEdge[] {
  const refs = new Set(known.map((edge) => edge.node.__ref));
  return edges.filter((edge) => !refs.has(edge.node.__ref));
}

/** As many messages as a window holds while one scrolls through it: each event costs as much as the window is long. */
export const WINDOW_MAX = 400;

/** As many as it keeps of them for who stands at the newest one, where each that comes makes it longer. */
export const LIVE_WINDOW_MAX = 100;

/** The oldest part of a window. It ends at a message that came with a page: newer pages are asked for from its cursor. */
export function oldestPart(window: StoredWindow, count: number): StoredWindow {
  if (window.edges.length <= count) return window;
  const end = window.edges.findLastIndex((edge, index) => edge.cursor !== "" && index < count);
  const last = window.edges[end];
  if (!last) return window;
  const pageInfo = { ...window.pageInfo, hasNextPage: true, endCursor: last.cursor };
  return { ...window, edges: window.edges.slice(0, end + 1), pageInfo };
}

/** The newest part of a window. Where it begins with a message that came as an event, its cursor is yet to be asked for. */
export function newestPart(window: StoredWindow, count: number): StoredWindow {
  const start = window.edges.length - count;
  const first = window.edges[start];
  if (!first || start === 0) return window;
  const pageInfo = { ...window.pageInfo, hasPreviousPage: true, startCursor: first.cursor || null };
  return { ...window, edges: window.edges.slice(start), pageInfo };
}

function prepend(existing: StoredWindow, older: StoredWindow): StoredWindow {
  const whole = {
    ...existing,
    edges: [...withoutKnown(older.edges, existing.edges), ...existing.edges],
    pageInfo: {
      ...existing.pageInfo,
      hasPreviousPage: older.pageInfo.hasPreviousPage,
      startCursor: older.pageInfo.startCursor ?? existing.pageInfo.startCursor,
    },
  };
  return oldestPart(whole, WINDOW_MAX);
}

function append(existing: StoredWindow, newer: StoredWindow): StoredWindow {
  const whole = {
    ...existing,
    edges: [...existing.edges, ...withoutKnown(newer.edges, existing.edges)],
    pageInfo: {
      ...existing.pageInfo,
      hasNextPage: newer.pageInfo.hasNextPage,
      endCursor: newer.pageInfo.endCursor ?? existing.pageInfo.endCursor,
    },
  };
  return newestPart(whole, WINDOW_MAX);
}

/**
 * Joins a page to the window, which lets go of as much at its other end. A page that does not touch the window any more (it was replaced while
 * the page was on its way) is dropped; anything that is not a page beside it replaces the window.
 */
export function mergePage(
  existing: StoredWindow | undefined,
  incoming: StoredWindow,
  args: Readonly<Record<string, unknown>> | null,
): StoredWindow {
  const before = args?.["before"];
  const after = args?.["after"];
  if (typeof before === "string") {
    if (!existing) return incoming;
    return existing.pageInfo.startCursor === before ? prepend(existing, incoming) : existing;
  }
  if (typeof after === "string") {
    if (!existing) return incoming;
    return existing.pageInfo.endCursor === after ? append(existing, incoming) : existing;
  }
  return incoming;
}

/**
 * Puts one message where it belongs. Only a window that reaches the newest message takes it, else the
 * window would get a hole; one that is there already, or that belongs to pages not loaded, changes nothing.
 */
export function insertIntoWindow(
  window: StoredWindow,
  message: MessagePlace & { readonly ref: Reference },
  placeOf: (node: Reference) => MessagePlace | null,
): StoredWindow {
  if (window.pageInfo.hasNextPage) return window;
  if (window.edges.some((edge) => edge.node.__ref === message.ref.__ref)) return window;
  let index = window.edges.length;
  for (; index > 0; index--) {
    const before = window.edges[index - 1];
    const place = before ? placeOf(before.node) : null;
    if (!place || compareMessages(place, message) <= 0) break;
  }
  if (index === 0 && window.edges.length > 0 && window.pageInfo.hasPreviousPage) return window;
  const edge: StoredEdge = { __typename: "ChatMessageEdge", cursor: "", node: message.ref };
  return { ...window, edges: [...window.edges.slice(0, index), edge, ...window.edges.slice(index)] };
}

/** Takes one message out; the same object when it was not there. */
export function removeFromWindow(window: StoredWindow, ref: string): StoredWindow {
  const edges = window.edges.filter((edge) => edge.node.__ref !== ref);
  return edges.length === window.edges.length ? window : { ...window, edges };
}

/** As many messages of a room as are worth keeping while it is not on the screen. */
export const KEPT_WHEN_LEFT = 100;

/** `ChatRoom.messages` holds one window whatever the arguments were; they only say how a page joins it. */
export const messagesPolicy: FieldPolicy<StoredWindow, StoredWindow> = {
  keyArgs: false,
  merge: (existing, incoming, { args }) => mergePage(existing, incoming, args),
};
