import { useSyncExternalStore } from "react";

/** Those that the browser's storage would not take: they are there as long as the page. */
const unkept = new Map<string, string>();
/** Those that somebody has taken over who does not keep them yet: only a page that comes after this one reads them. */
const takenOver = new Map<string, Promise<void>>();
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

/** A text that somebody has begun, or null. It outlives the page and is the same in all tabs. */
export function readText(key: string): string | null {
  if (takenOver.has(key)) return null;
  return unkept.get(key) ?? window.localStorage.getItem(key);
}

/** Keeps a text, or forgets it for null. Where the storage is full it is kept for this page. */
export function writeText(key: string, text: string | null): void {
  unkept.delete(key);
  takenOver.delete(key);
  try {
    if (text === null) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, text);
  } catch {
    if (text !== null) unkept.set(key, text);
  }
  tell();
}

/**
 * Gives a text to who keeps it from now on. It is gone from this page at once, and from the storage when `kept` resolves:
 * a page that goes away before leaves it to the next one.
 */
export function handOver(key: string, kept: Promise<void>): void {
  const text = readText(key);
  takenOver.set(key, kept);
  tell();
  const forget = (): void => {
    // One that was begun since, here or in another tab, is another one.
    if (takenOver.get(key) !== kept) return;
    takenOver.delete(key);
    if (readText(key) === text) writeText(key, null);
    else tell();
  };
  kept.then(forget, () => undefined);
}

/** The keys of all texts that begin like this. */
export function keysOfTexts(prefix: string): readonly string[] {
  const stored = Array.from({ length: window.localStorage.length }, (_, index) => window.localStorage.key(index) ?? "");
  return [...new Set([...stored, ...unkept.keys()])].filter((key) => key.startsWith(prefix)).sort();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Only the other tabs are told of a change.
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** What is read of the kept texts, followed; a plain value, so that one that is the same can be told. */
export function useTexts<T extends string | boolean | null>(read: () => T): T {
  return useSyncExternalStore(subscribe, read);
}
