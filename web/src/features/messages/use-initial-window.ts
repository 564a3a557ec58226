import type { ApolloCache } from "@apollo/client/cache";
import { useApolloClient } from "@apollo/client/react";
import { useEffect, useRef, useState } from "react";
import { graphql } from "../../gql/gql.js";
import { readLastRead } from "../receipts/receipt.cache.js";
import { useChat } from "../session/chat.context.js";
import type { FeedWindow } from "./feed.js";
import { usePages } from "./use-pages.js";

const ReadPositions = graphql(`
  query ReadPositionsOfRoom($roomId: ID!) {
    chatRoom(id: $roomId) {
      id
      participants {
        id
        lastReadAt
        lastReadMessageId
      }
    }
  }
`);

interface InitialWindow {
  readonly roomId: string;
  readonly unreadCount: number;
  readonly window: FeedWindow;
  readonly jumpToId: string | null;
}

/** What has to be loaded before the feed can open: the messages around one, or the first of the room. */
type Missing = { readonly around: string } | "oldest";

/** Where the first unread message is to be found; null when the viewer is not in the room. */
function unreadPlace(cache: ApolloCache, roomId: string, viewerId: string): Missing | null {
  const read = readLastRead(cache, roomId, viewerId);
  if (read === null) return null;
  return read.messageId === null ? "oldest" : { around: read.messageId };
}

/** What the window lacks of the place where the feed opens; null when it is right as it is. */
function useMissing({ roomId, unreadCount, window, jumpToId }: InitialWindow): Missing | null {
  const { cache } = useApolloClient();
  const { me } = useChat();
  const [missing] = useState((): Missing | null => {
    const { edges, pageInfo } = window;
    if (jumpToId) return edges.some(({ node }) => node.id === jumpToId) ? null : { around: jumpToId };
    if (unreadCount === 0 || !pageInfo.hasPreviousPage) return null;
    const readAt = readLastRead(cache, roomId, me.id)?.at ?? null;
    const oldest = edges[0]?.node.createdAt;
    if (readAt !== null && oldest !== undefined && Date.parse(oldest) <= Date.parse(readAt)) return null;
    return unreadPlace(cache, roomId, me.id);
  });
  return missing;
}

function holds({ edges, pageInfo }: FeedWindow, place: Missing): boolean {
  return place === "oldest" ? !pageInfo.hasPreviousPage : edges.some(({ node }) => node.id === place.around);
}

/** Where the feed opens (null: at the newest messages), and the window as it was when that had been loaded. */
interface Found {
  readonly place: Missing | null;
  readonly told: FeedWindow;
}

/**
 * The cache tells of what was loaded a little later than the one who loaded it. The next window that it tells of has it,
 * or never will: a message may be deleted in between.
 */
function isThere(window: FeedWindow, { place, told }: Found): boolean {
  return place === null || window !== told || holds(window, place);
}

/**
 * Loads what is missing; where the message that was read last has been deleted since, what the server knows instead.
 * Answers where the feed opens; null at the newest messages.
 */
function useLoadMissing({ roomId, window, jumpToId }: InitialWindow) {
  const client = useApolloClient();
  const { me } = useChat();
  const { loadAround, loadOldest } = usePages(roomId, window);
  const [load] = useState(() => async (missing: Missing): Promise<Missing | null> => {
    const loadFrom = (place: Missing) => (place === "oldest" ? loadOldest() : loadAround(place.around));
    try {
      await loadFrom(missing);
      return missing;
    } catch (error) {
      if (jumpToId !== null) throw error;
      await client.query({ query: ReadPositions, variables: { roomId }, fetchPolicy: "network-only" });
      const place = unreadPlace(client.cache, roomId, me.id);
      if (place !== null) await loadFrom(place);
      return place;
    }
  });
  return load;
}

/** Whether the window holds the place where the feed opens: a message that was linked to, or the first unread one. */
export function useInitialWindow(input: InitialWindow): boolean {
  const missing = useMissing(input);
  const load = useLoadMissing(input);
  const [found, setFound] = useState<Found | null>(missing === null ? { place: null, told: input.window } : null);
  const latest = useRef(input.window);
  useEffect(() => {
    latest.current = input.window;
  }, [input.window]);
  useEffect(() => {
    if (missing === null) return;
    let isCurrent = true;
    const done = (place: Missing | null): void => void (isCurrent && setFound({ place, told: latest.current }));
    // A target that is gone is no reason not to open: the newest messages are there already.
    load(missing).then(done, () => done(null));
    return () => {
      isCurrent = false;
    };
    // Once, when the room is opened: later jumps are made by the open feed.
  }, [missing, load]);
  const [isReady, setReady] = useState(false);
  // What leaves the window afterwards closes nothing.
  if (!isReady && found !== null && isThere(input.window, found)) setReady(true);
  return isReady;
}
