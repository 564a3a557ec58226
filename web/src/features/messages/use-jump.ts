import { useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import { describeError } from "../../lib/errors.js";
import { JUMP } from "../../ui/location-state.js";
import type { FeedMessage } from "./message-edge.graphql.js";
import type { TimelineRow } from "./timeline.js";
import type { Pages } from "./use-pages.js";
import { notices } from "../../ui/notices.js";

const HIGHLIGHT_MS = 2_500;

interface JumpInput {
  readonly jumpToId: string | null;
  readonly rows: readonly TimelineRow<FeedMessage>[];
  readonly pages: Pages;
  readonly scrollToIndex: (index: number) => void;
}

/** Goes to a message that the address names, loading the window around it if need be; answers which row to highlight. */
export function useJump({ jumpToId, rows, pages, scrollToIndex }: JumpInput): string | null {
  const { key, state }: { readonly key: string; readonly state: unknown } = useLocation();
  const [askedBy, setAskedBy] = useState(key);
  if (state === JUMP && key !== askedBy) setAskedBy(key);
  const [fadedId, setFadedId] = useState<string | null>(null);
  const done = useRef<string | null>(null);
  const asked = useRef<string | null>(null);
  const index = rows.findIndex((row) => row.kind === "message" && row.message.id === jumpToId);
  const isShown = index >= 0;
  const { loadAround } = pages;
  useEffect(() => {
    if (jumpToId === null || done.current === jumpToId) return;
    if (index >= 0) {
      done.current = jumpToId;
      scrollToIndex(index);
    } else if (asked.current !== jumpToId) {
      asked.current = jumpToId;
      loadAround(jumpToId).catch((error: unknown) => notices.warning(describeError(error)));
    }
  }, [jumpToId, askedBy, index, loadAround, scrollToIndex]);
  useEffect(() => {
    if (jumpToId === null || !isShown) return;
    const timer = setTimeout(() => setFadedId(jumpToId), HIGHLIGHT_MS);
    return () => clearTimeout(timer);
  }, [jumpToId, askedBy, isShown]);
  useEffect(
    () => () => {
      done.current = null;
      asked.current = null;
      setFadedId(null);
    },
    [jumpToId, askedBy],
  );
  return isShown && fadedId !== jumpToId ? jumpToId : null;
}
