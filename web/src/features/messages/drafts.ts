import { useCallback, useEffect, useSyncExternalStore } from "react";
import { useChat } from "../session/chat.context.js";

const listeners = new Set<() => void>();

function keyOf(userId: string, roomId: string): string {
  return `parley.draft.${userId}.${roomId}`;
}

/** Writes a draft, or removes it when there is nothing left. A full storage loses the draft, never the text on the screen. */
function writeDraft(key: string, text: string): void {
  try {
    if (text === "") window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, text);
  } catch {
    return;
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** What was typed in a room and not sent, kept across reloads, per user. */
export function useDraft(roomId: string): readonly [string, (text: string) => void] {
  const key = keyOf(useChat().me.id, roomId);
  const draft = useSyncExternalStore(subscribe, () => window.localStorage.getItem(key) ?? "");
  const write = useCallback((text: string) => writeDraft(key, text), [key]);
  return [draft, write];
}

/** Hears what is typed in the same room in another tab, unless it is in this one that somebody types. */
export function useDraftElsewhere(roomId: string, onDraft: (text: string) => void): void {
  const key = keyOf(useChat().me.id, roomId);
  useEffect(() => {
    // Only the other tabs are told of a change.
    const hear = (event: StorageEvent): void => {
      if (event.key === key && !document.hasFocus()) onDraft(event.newValue ?? "");
    };
    window.addEventListener("storage", hear);
    return () => window.removeEventListener("storage", hear);
  }, [key, onDraft]);
}
