import type { ApolloClient } from "@apollo/client";
import { useApolloClient } from "@apollo/client/react";
import { useCallback, useRef, useState } from "react";
import { MESSAGES_A_PAGE, MessagesPage } from "./message-edge.graphql.js";
import { collectGarbage, setStartCursor } from "./message.cache.js";

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** As much of a window as its pages are asked for by. */
export interface PagedWindow {
  readonly edges: readonly { readonly node: { readonly id: string } }[];
  readonly pageInfo: PageInfo;
}

export type PageStatus = "idle" | "loading" | "failed";
export type Direction = "older" | "newer";

export interface Pages {
  readonly older: PageStatus;
  readonly newer: PageStatus;
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** Loads the page beside the window; does nothing while one is on its way. */
  readonly load: (direction: Direction) => Promise<void>;
  /** Replaces the window by the newest messages. */
  readonly loadNewest: () => Promise<void>;
  /** Replaces the window by the room's first messages. */
  readonly loadOldest: () => Promise<void>;
  /** Replaces the window by the messages around one. Rejects when there is no such message. */
  readonly loadAround: (messageId: string) => Promise<void>;
}

/** Reading everything afresh costs as much as a page: not each time. */
const PAGES_A_COLLECTION = 8;

/** The cursor of a message that came as an event, which has none. */
async function findCursor(client: ApolloClient, roomId: string, messageId: string): Promise<string | null> {
  const variables = { roomId, around: messageId, first: 1 };
  const { data } = await client.query({ query: MessagesPage, variables, fetchPolicy: "no-cache" });
  return data?.chatRoom?.messages.edges.find(({ node }) => node.id === messageId)?.cursor ?? null;
}

/** The arguments of a page beside the window; null when there is none to ask for. */
async function pageArguments(client: ApolloClient, roomId: string, direction: Direction, window: PagedWindow) {
  const { edges, pageInfo } = window;
  if (direction === "newer") {
    return pageInfo.hasNextPage ? { first: MESSAGES_A_PAGE, after: pageInfo.endCursor } : null;
  }
  if (!pageInfo.hasPreviousPage) return null;
  const [oldest] = edges;
  if (pageInfo.startCursor !== null || !oldest) return { last: MESSAGES_A_PAGE, before: pageInfo.startCursor };
  const before = await findCursor(client, roomId, oldest.node.id);
  if (before !== null) setStartCursor(client.cache, roomId, before);
  return before === null ? null : { last: MESSAGES_A_PAGE, before };
}

/** Loads further messages of a room into its window. */
export function usePages(roomId: string, window: PagedWindow): Pages {
  const client = useApolloClient();
  const [status, setStatus] = useState<Record<Direction, PageStatus>>({ older: "idle", newer: "idle" });
  const pagesLoaded = useRef(0);
  const loading = useRef<Set<Direction>>(new Set());
  const load = useCallback(
    async (direction: Direction): Promise<void> => {
      const { hasNextPage, hasPreviousPage } = window.pageInfo;
      if (!(direction === "older" ? hasPreviousPage : hasNextPage) || loading.current.has(direction)) return;
      loading.current.add(direction);
      const report = (next: PageStatus): void => setStatus((known) => ({ ...known, [direction]: next }));
      report("loading");
      try {
        const page = await pageArguments(client, roomId, direction, window);
        if (page) {
          const variables = { roomId, ...page };
          await client.query({ query: MessagesPage, variables, fetchPolicy: "network-only" });
          pagesLoaded.current += 1;
          // The window has let go of as much at its other end.
          if (pagesLoaded.current % PAGES_A_COLLECTION === 0) collectGarbage(client.cache);
        }
        report("idle");
      } catch {
        report("failed");
      } finally {
        loading.current.delete(direction);
      }
    },
    [client, roomId, window],
  );
  const replace = useCallback(
    async (page: { readonly last: number } | { readonly first: number } | { readonly around: string }) => {
      await client.query({ query: MessagesPage, variables: { roomId, ...page }, fetchPolicy: "network-only" });
    },
    [client, roomId],
  );
  const loadNewest = useCallback(() => replace({ last: MESSAGES_A_PAGE }), [replace]);
  const loadOldest = useCallback(() => replace({ first: MESSAGES_A_PAGE }), [replace]);
  const loadAround = useCallback((messageId: string) => replace({ around: messageId }), [replace]);
  const { hasPreviousPage: hasOlder, hasNextPage: hasNewer } = window.pageInfo;
  return { ...status, hasOlder, hasNewer, load, loadNewest, loadOldest, loadAround };
}
