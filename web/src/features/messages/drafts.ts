import { useCallback, useEffect } from "react";
import { handOver, keysOfTexts, readText, useTexts, writeText } from "../../lib/kept-texts.js";
import { useChat } from "../session/chat.context.js";

function draftKey(userId: string, roomId: string): string {
  return `parley.draft.${userId}.${roomId}`;
}

/** Where the text of an edit is kept until it is saved or cancelled. */
export function editKey(userId: string, { roomId, messageId }: EditPlace): string {
  return `parley.edit.${userId}.${roomId}.${messageId}`;
}

/** A message that is edited. */
export interface EditPlace {
  readonly roomId: string;
  readonly messageId: string;
}

/** What was typed in a room and not sent, kept across reloads, per user; words with files until who sends them keeps them. */
export function useDraft(roomId: string) {
  const key = draftKey(useChat().me.id, roomId);
  const draft = useTexts(() => readText(key) ?? "");
  const save = useCallback((text: string) => writeText(key, text === "" ? null : text), [key]);
  const giveAway = useCallback((kept: Promise<void>) => handOver(key, kept), [key]);
  return { draft, save, giveAway };
}

/** Hears what is typed in the same room in another tab, unless it is in this one that somebody types. */
export function useDraftElsewhere(roomId: string, onDraft: (text: string) => void): void {
  const key = draftKey(useChat().me.id, roomId);
  useEffect(() => {
    // Only the other tabs are told of a change.
    const hear = (event: StorageEvent): void => {
      if (event.key === key && !document.hasFocus()) onDraft(event.newValue ?? "");
    };
    window.addEventListener("storage", hear);
    return () => window.removeEventListener("storage", hear);
  }, [key, onDraft]);
}

/** A text that was begun in a room: a draft of a message, or of a message's edit. */
export interface BegunText {
  readonly key: string;
  readonly roomId: string;
  readonly kind: "draft" | "edit";
  /** The message that is edited; null for a draft. */
  readonly messageId: string | null;
  readonly text: string;
}

function toBegun(key: string): BegunText | null {
  const [, kind, , roomId, messageId = null] = key.split(".");
  const text = readText(key);
  if (!roomId || text === null || text.trim() === "" || (kind !== "draft" && kind !== "edit")) return null;
  return { key, roomId, kind, messageId, text };
}

/** All texts that the viewer has begun, in whichever room. */
export function useBegunTexts(): readonly BegunText[] {
  const { id } = useChat().me;
  const keys = useTexts(() => [...keysOfTexts(`parley.draft.${id}.`), ...keysOfTexts(`parley.edit.${id}.`)].join("\n"));
  return keys.split("\n").flatMap((key) => toBegun(key) ?? []);
}
