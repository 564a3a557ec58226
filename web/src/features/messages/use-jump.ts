import { App } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { describeError } from '../../lib/errors.js';
import type { FeedMessage } from './message-edge.graphql.js';
import type { TimelineRow } from './timeline.js';
import type { Pages } from './use-pages.js';

const HIGHLIGHT_MS = 2_500;

interface JumpInput {
  readonly jumpToId: string | null;
  readonly rows: readonly TimelineRow<FeedMessage>[];
  readonly pages: Pages;
  readonly scrollToIndex: (index: number) => void;
}

/** Goes to a message that the address names, loading the window around it if need be; answers which row to highlight. */
export function useJump({ jumpToId, rows, pages, scrollToIndex }: JumpInput): string | null {
  const { message } = App.useApp();
  const [highlightId, setHighlightId] = useState<string | null>(null);
  const done = useRef<string | null>(null);
  const asked = useRef<string | null>(null);
  const index = rows.findIndex((row) => row.kind === 'message' && row.message.id === jumpToId);
  const { loadAround } = pages;
  useEffect(() => {
    if (jumpToId === null) {
      done.current = null;
      asked.current = null;
      return;
    }
    if (done.current === jumpToId) return;
    if (index >= 0) {
      done.current = jumpToId;
      scrollToIndex(index);
      setHighlightId(jumpToId);
      return;
    }
    if (asked.current === jumpToId) return;
    asked.current = jumpToId;
    loadAround(jumpToId).catch((error: unknown) => void message.warning(describeError(error)));
  }, [jumpToId, index, loadAround, scrollToIndex, message]);
  useEffect(() => {
    if (highlightId === null) return;
    const timer = setTimeout(() => setHighlightId(null), HIGHLIGHT_MS);
    return () => clearTimeout(timer);
  }, [highlightId]);
  return highlightId;
}
