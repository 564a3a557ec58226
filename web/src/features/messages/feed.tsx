// oxlint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions -- a log takes the focus
// to be scrolled, and its articles by arrow keys, as the feed pattern says.
import { i18n } from "@lingui/core";
import { useApolloClient } from "@apollo/client/react";
import { useEffect, useImperativeHandle, useMemo, useRef, useState, type Ref } from "react";
import { createStore, useStore } from "../../lib/store.js";
import { moveAmongParts } from "../../ui/row-parts.js";
import { RowsSkeleton } from "../../ui/pane-states.js";
import { useMarkRead } from "../receipts/use-mark-read.js";
import { useUnreadDivider } from "../receipts/use-unread-divider.js";
import { useChat } from "../session/chat.context.js";
import { ArrivalAnnouncer } from "./arrival-announcer.js";
import { useBoundedWindow } from "./use-bounded-window.js";
import { useEditing } from "./editing.context.js";
import { FeedEmpty } from "./feed-empty.js";
import { FeedRow } from "./feed-row.js";
import type { FeedEdge } from "./message-edge.graphql.js";
import { trimRoom } from "./message.cache.js";
import { PageNotice } from "./page-notice.js";
import { createRowKeeper } from "./stable-rows.js";
import { buildTimeline } from "./timeline.js";
import { useFeedScroll } from "./use-feed-scroll.js";
import { useInitialWindow } from "./use-initial-window.js";
import { useJump } from "./use-jump.js";
import { usePages, type PageInfo } from "./use-pages.js";
import { useHeldRow, useRowFocus } from "./use-row-focus.js";

export interface FeedWindow {
  readonly edges: readonly FeedEdge[];
  readonly pageInfo: PageInfo;
}

/** What the composer asks of the feed. */
export interface FeedHandle {
  /** Scrolls to the newest message, loading it first if need be. */
  readonly goToNewest: () => void;
}

interface FeedProps {
  readonly ref?: Ref<FeedHandle>;
  readonly roomId: string;
  readonly unreadCount: number;
  readonly window: FeedWindow;
  readonly jumpToId: string | null;
  readonly onAddMembers: () => void;
}

/** The feed, once the window holds the place where it opens. */
export function Feed(props: FeedProps) {
  const isReady = useInitialWindow(props);
  const { cache } = useApolloClient();
  const { roomId } = props;
  useEffect(() => () => trimRoom(cache, roomId), [cache, roomId]);
  if (isReady) return <LoadedFeed {...props} />;
  return (
    <div className="feed-frame">
      <RowsSkeleton rows={8} lines={3} />
    </div>
  );
}

function useTimeline({ roomId, window }: FeedProps, firstUnreadId: string | null) {
  const { me, outbox } = useChat();
  const entries = useStore(outbox.entries);
  const { edges, pageInfo } = window;
  const [keep] = useState(createRowKeeper);
  const built = useMemo(
    () =>
      buildTimeline({
        messages: edges.map((edge) => edge.node),
        pending: entries.filter((entry) => entry.roomId === roomId),
        viewerId: me.id,
        hasNewer: pageInfo.hasNextPage,
        hasOlder: pageInfo.hasPreviousPage,
        firstUnreadId,
      }),
    [edges, pageInfo.hasNextPage, pageInfo.hasPreviousPage, entries, roomId, me.id, firstUnreadId],
  );
  return useMemo(() => keep(built), [keep, built]);
}

/** A message that is to be edited comes into view first: it may be far above. */
function useEditedInView(
  rows: ReturnType<typeof useTimeline>,
  scrollToIndex: (index: number, onlyIfAway?: boolean) => void,
): void {
  const { messageId } = useEditing();
  const index = rows.findIndex((row) => row.kind === "message" && row.message.id === messageId);
  const target = useRef(-1);
  useEffect(() => {
    target.current = index;
  }, [index]);
  useEffect(() => {
    if (messageId !== null && target.current >= 0) scrollToIndex(target.current, true);
  }, [messageId, scrollToIndex]);
}

/** Everything that moves an open feed. */
function useOpenFeed(props: FeedProps) {
  const { ref, roomId, unreadCount, window, jumpToId } = props;
  const pages = usePages(roomId, window);
  // Opening at unread messages is not having seen the newest one.
  const [atEnd] = useState(() => createStore(unreadCount === 0));
  const divider = useUnreadDivider({ ...props, atEnd });
  const rows = useTimeline(props, divider.firstUnreadId);
  const held = useHeldRow();
  const isLive = !window.pageInfo.hasNextPage;
  const scroll = useFeedScroll({ rows, isLive, unreadCount, pages, atEnd, heldKey: held.heldKey });
  useBoundedWindow({ roomId, window, span: scroll.span, atEnd });
  const highlightId = useJump({ jumpToId, rows, pages, scrollToIndex: scroll.scrollToIndex });
  useEditedInView(rows, scroll.scrollToIndex);
  useMarkRead({ roomId, unreadCount, window, atEnd });
  const { clear } = divider;
  const { goToNewest } = scroll;
  // One's own message ends what was unread before it.
  useImperativeHandle(ref, () => ({ goToNewest: () => (clear(), void goToNewest()) }), [clear, goToNewest]);
  return { pages, rows, scroll, held, highlightId };
}

interface RowsProps {
  readonly rows: ReturnType<typeof useTimeline>;
  readonly scroll: Omit<ReturnType<typeof useFeedScroll>, "scrollerRef">;
  readonly highlightId: string | null;
  readonly tabStopKey: string | null;
}

/** The rows in view and a few beside them, each at its place. */
function Rows({ rows, scroll, highlightId, tabStopKey }: RowsProps) {
  return (
    <div className="feed-sizer" style={{ height: scroll.totalSize }}>
      {scroll.items.map((item) => {
        const row = rows[item.index];
        if (!row) return null;
        const style = { transform: `translateY(${item.start}px)` };
        return (
          <div key={row.key} ref={scroll.measure} data-index={item.index} className="feed-item" style={style}>
            <FeedRow
              row={row}
              isHighlighted={row.kind === "message" && row.message.id === highlightId}
              isTabStop={row.key === tabStopKey}
            />
          </div>
        );
      })}
    </div>
  );
}

function LoadedFeed(props: FeedProps) {
  const { edges, pageInfo } = props.window;
  const { pages, rows, scroll, held, highlightId } = useOpenFeed(props);
  const { scrollerRef, ...shown } = scroll;
  const focus = useRowFocus({ rows, span: scroll.span, scrollerRef, held });
  const isEmpty = rows.length === 0;
  return (
    <div className="feed-frame">
      <PageNotice status={pages.older} what="earlier" onRetry={() => void pages.load("older")} />
      <div
        ref={scrollerRef}
        className="feed"
        role="log"
        data-region
        aria-live="off"
        aria-label={i18n.t("Messages")}
        tabIndex={isEmpty ? 0 : -1}
        onKeyDown={(event) => {
          moveAmongParts(event);
          focus.onKeyDown(event);
        }}
        onFocus={focus.onFocus}
      >
        {isEmpty && <FeedEmpty roomId={props.roomId} onAddMembers={props.onAddMembers} />}
        <Rows rows={rows} scroll={shown} highlightId={highlightId} tabStopKey={focus.tabStopKey} />
      </div>
      <ArrivalAnnouncer newest={pageInfo.hasNextPage ? null : (edges.at(-1)?.node ?? null)} />
      {scroll.pill && (
        <button type="button" className="pill" onClick={() => void scroll.goToNewest()}>
          {scroll.pill}
        </button>
      )}
    </div>
  );
}
