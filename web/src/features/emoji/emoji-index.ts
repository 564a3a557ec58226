import { env } from "../../lib/env.js";
import { createStore, type Store } from "../../lib/store.js";

/** Emoji by the names that people type between colons. */
export interface EmojiIndex {
  /** The emoji with exactly this name. */
  readonly named: (name: string) => string | null;
  /** Those whose names begin with or contain the query, best first. */
  readonly find: (query: string, limit: number) => readonly NamedEmoji[];
}

export interface NamedEmoji {
  readonly emoji: string;
  /** The name that matched. */
  readonly name: string;
}

type Entry = readonly [emoji: string, ...names: string[]];

/** How well a name answers a query: 0 it is the query, 1 begins with it, 2 has a word that does, 3 contains it. */
function rank(name: string, query: string): number | null {
  const at = name.indexOf(query);
  if (at < 0) return null;
  if (at > 0) return name[at - 1] === "_" ? 2 : 3;
  return name === query ? 0 : 1;
}

/** Makes the index out of `[emoji, name, name ...]`, in the order of Unicode. */
export function createEmojiIndex(entries: readonly Entry[]): EmojiIndex {
  const byName = new Map(entries.flatMap(([emoji, ...names]) => names.map((name) => [name, emoji] as const)));
  return {
    named: (name) => byName.get(name.toLowerCase()) ?? null,
    find: (query, limit) => {
      const wanted = query.toLowerCase();
      const found = entries.flatMap(([emoji, ...names]) => {
        const ranked = names.flatMap((name) => {
          const place = rank(name, wanted);
          return place === null ? [] : [{ emoji, name, place }];
        });
        return ranked.toSorted((a, b) => a.place - b.place || a.name.length - b.name.length).slice(0, 1);
      });
      return found.toSorted((a, b) => a.place - b.place || a.name.length - b.name.length).slice(0, limit);
    },
  };
}

/** The index, once somebody has typed a colon; null until it is there. */
export const emojiIndex: Store<EmojiIndex | null> = createStore<EmojiIndex | null>(null);

let loading: Promise<EmojiIndex | null> | null = null;

function parseEntries(json: unknown): readonly Entry[] {
  return json as readonly Entry[];
}

async function fetchIndex(): Promise<EmojiIndex | null> {
  try {
    const response = await fetch(`${env.emojibaseUrl}/en/shortcodes.json`);
    if (!response.ok) throw new Error(`The server answered ${response.status}`);
    const index = createEmojiIndex(parseEntries(await response.json()));
    emojiIndex.set(index);
    return index;
  } catch {
    // Without the names one can still send what was typed; the next colon tries again.
    loading = null;
    return null;
  }
}

/** Loads the index, once. Null when that failed. */
export function loadEmojiIndex(): Promise<EmojiIndex | null> {
  loading ??= fetchIndex();
  return loading;
}
