import { useApolloClient } from "@apollo/client/react";
import { useCallback, useRef, useState } from "react";
import { MESSAGES_A_PAGE, MessagesPage } from "./message-edge.graphql.js";

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
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
  /** Replaces the window by the newest messages, as many as there are on a page if nothing else is said. */
  readonly loadNewest: (count?: number) => Promise<void>;
  /** Replaces the window by the messages around one. Rejects when there is no such message. */
  readonly loadAround: (messageId: string) => Promise<void>;
}

/** The arguments of a page beside the window. */
function pageArguments(direction: Direction, { startCursor, endCursor }: PageInfo) {
  return direction === "older"
    ? { last: MESSAGES_A_PAGE, before: startCursor }
    : { first: MESSAGES_A_PAGE, after: endCursor };
}

/** Loads further messages of a room into its window. */
export function usePages(roomId: string, pageInfo: PageInfo): Pages {
  const client = useApolloClient();
  const [status, setStatus] = useState<Record<Direction, PageStatus>>({ older: "idle", newer: "idle" });
  const loading = useRef<Set<Direction>>(new Set());
  const load = useCallback(
    async (direction: Direction): Promise<void> => {
      const hasMore = direction === "older" ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
      if (!hasMore || loading.current.has(direction)) return;
      loading.current.add(direction);
      const report = (next: PageStatus): void => setStatus((known) => ({ ...known, [direction]: next }));
      report("loading");
      const variables = { roomId, ...pageArguments(direction, pageInfo) };
      try {
        await client.query({ query: MessagesPage, variables, fetchPolicy: "network-only" });
        report("idle");
      } catch {
        report("failed");
      } finally {
        loading.current.delete(direction);
      }
    },
    [client, roomId, pageInfo],
  );
  const replace = useCallback(
    async (page: { readonly last: number } | { readonly around: string }) => {
      await client.query({ query: MessagesPage, variables: { roomId, ...page }, fetchPolicy: "network-only" });
    },
    [client, roomId],
  );
  const loadNewest = useCallback((count = MESSAGES_A_PAGE) => replace({ last: count }), [replace]);
  const loadAround = useCallback((messageId: string) => replace({ around: messageId }), [replace]);
  const { hasPreviousPage: hasOlder, hasNextPage: hasNewer } = pageInfo;
  return { ...status, hasOlder, hasNewer, load, loadNewest, loadAround };
}
