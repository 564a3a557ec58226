import { createStore, type Store } from "../../lib/store.js";
import { toEmoji } from "./emoji.js";

const KEY = "parley.emoji.recent";
const KEPT = 8;

function parseRecent(json: string | null): readonly string[] {
  try {
    const value: unknown = JSON.parse(json ?? "[]");
    return Array.isArray(value) ? value.filter((each) => typeof each === "string" && toEmoji(each) === each) : [];
  } catch {
    return [];
  }
}

/** The emoji that somebody chose last, the latest first, kept in this browser. */
export interface RecentEmoji {
  readonly list: Store<readonly string[]>;
  readonly remember: (emoji: string) => void;
}

/** The list over a browser's storage. */
export function createRecentEmoji(storage: Storage): RecentEmoji {
  const list = createStore(parseRecent(storage.getItem(KEY)));
  return {
    list,
    remember: (emoji) => {
      const next = [emoji, ...list.get().filter((each) => each !== emoji)].slice(0, KEPT);
      list.set(next);
      storage.setItem(KEY, JSON.stringify(next));
    },
  };
}

export const recentEmoji = createRecentEmoji(window.localStorage);
