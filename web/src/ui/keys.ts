import type { MessageId } from "@lingui/core";
import type { KeyboardEvent } from "react";

/** Where a key does something: everywhere, while a message has the focus, where one writes, or over a picture that is open large. */
export type KeyPlace = "anywhere" | "feed" | "composer" | "picture";

interface KeyEntry {
  readonly place: KeyPlace;
  /** `Mod` is Cmd on a Mac and Ctrl elsewhere. */
  readonly chords: readonly string[];
  readonly does: MessageId;
}

/**
 * All keys of the client, in the order in which they are listed. What handles keys asks this table, and so does the list
 * that people see: a key that is not here does nothing.
 */
export const KEYS = {
  goTo: { place: "anywhere", chords: ["Mod+K"], does: /*i18n*/ "Go to a room or a person" },
  search: { place: "anywhere", chords: ["Mod+Shift+F"], does: /*i18n*/ "Search all messages" },
  previousRoom: { place: "anywhere", chords: ["Alt+ArrowUp"], does: /*i18n*/ "Room above" },
  nextRoom: { place: "anywhere", chords: ["Alt+ArrowDown"], does: /*i18n*/ "Room below" },
  previousUnread: { place: "anywhere", chords: ["Alt+Shift+ArrowUp"], does: /*i18n*/ "Unread room above" },
  nextUnread: { place: "anywhere", chords: ["Alt+Shift+ArrowDown"], does: /*i18n*/ "Unread room below" },
  dismiss: { place: "anywhere", chords: ["Escape"], does: /*i18n*/ "Close the panel; without one, mark the room read" },
  nextRegion: {
    place: "anywhere",
    chords: ["F6"],
    does: /*i18n*/ "Next part of the page: rooms, messages, writing, panel",
  },
  previousRegion: { place: "anywhere", chords: ["Shift+F6"], does: /*i18n*/ "Previous part of the page" },
  listKeys: { place: "anywhere", chords: ["Mod+/"], does: /*i18n*/ "Show these keys" },
  previousMessage: { place: "feed", chords: ["ArrowUp", "K"], does: /*i18n*/ "Message above" },
  nextMessage: { place: "feed", chords: ["ArrowDown", "J"], does: /*i18n*/ "Message below" },
  nextPart: { place: "feed", chords: ["ArrowRight"], does: /*i18n*/ "Into the message: links, pictures, buttons" },
  previousPart: { place: "feed", chords: ["ArrowLeft"], does: /*i18n*/ "Back, and out of the message" },
  react: { place: "feed", chords: ["+"], does: /*i18n*/ "Add a reaction" },
  edit: { place: "feed", chords: ["E"], does: /*i18n*/ "Edit your message" },
  copyLink: { place: "feed", chords: ["C"], does: /*i18n*/ "Copy the message’s link" },
  delete: { place: "feed", chords: ["Delete"], does: /*i18n*/ "Delete your message" },
  openMenu: {
    place: "feed",
    chords: ["Shift+F10", "ContextMenu"],
    does: /*i18n*/ "All that can be done with the message",
  },
  // A sign alone is a key on a message and nowhere else: who speaks to the machine, or rests a hand on it, types signs.
  listKeysHere: { place: "feed", chords: ["?"], does: /*i18n*/ "Show these keys" },
  send: { place: "composer", chords: ["Enter"], does: /*i18n*/ "Send" },
  newLine: { place: "composer", chords: ["Shift+Enter"], does: /*i18n*/ "Begin a new line" },
  bold: { place: "composer", chords: ["Mod+B"], does: /*i18n*/ "Bold" },
  italic: { place: "composer", chords: ["Mod+I"], does: /*i18n*/ "Italic" },
  strike: { place: "composer", chords: ["Mod+Shift+X"], does: /*i18n*/ "Struck" },
  code: { place: "composer", chords: ["Mod+E"], does: /*i18n*/ "Code" },
  editLast: {
    place: "composer",
    chords: ["ArrowUp"],
    does: /*i18n*/ "Edit your last message, when nothing is written",
  },
  previousPicture: { place: "picture", chords: ["ArrowLeft"], does: /*i18n*/ "Previous picture" },
  nextPicture: { place: "picture", chords: ["ArrowRight"], does: /*i18n*/ "Next picture" },
} as const satisfies Readonly<Record<string, KeyEntry>>;

export type KeyCommand = keyof typeof KEYS;
type CommandAt<Place extends KeyPlace> = {
  [Command in KeyCommand]: (typeof KEYS)[Command]["place"] extends Place ? Command : never;
}[KeyCommand];
export type GlobalCommand = CommandAt<"anywhere">;
export type FeedCommand = CommandAt<"feed">;

/** What both the browser's and React's keyboard events have. */
export interface PressedKey {
  readonly key: string;
  readonly code: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

const ENTRIES: readonly (readonly [string, KeyEntry])[] = Object.entries(KEYS);
const LETTER = /^[A-Za-z]$/u;
const MODIFIERS = ["Mod", "Alt", "Shift"];

/** Whether `Mod` is the Command key. */
export function isApple(platform: string = navigator.platform): boolean {
  return /^(Mac|iP)/u.test(platform);
}

/** The parts of a chord: modifiers first, the key last. */
export function chordParts(chord: string): readonly string[] {
  return chord === "+" ? ["+"] : chord.split("+");
}

/** The key itself; on keyboards of other scripts, the Latin letter that is printed there too. */
function keyOf({ key, code }: PressedKey): string {
  const isForeign = key.length === 1 && (key.codePointAt(0) ?? 0) > 127;
  const letter = /^Key([A-Z])$/u.exec(code)?.[1];
  return isForeign && letter ? letter : key;
}

function matches(event: PressedKey, chord: string, withApple: boolean): boolean {
  const parts = chordParts(chord);
  const key = parts.at(-1) ?? "";
  const [mod, other] = withApple ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  const needs = MODIFIERS.map((modifier) => parts.includes(modifier));
  // Which signs need Shift is the keyboard's matter.
  const isSign = key.length === 1 && !LETTER.test(key);
  if (mod !== needs[0] || event.altKey !== needs[1] || other) return false;
  return (isSign || event.shiftKey === needs[2]) && keyOf(event).toLowerCase() === key.toLowerCase();
}

/** Whether these keys are the ones of a command. */
export function isKey(event: PressedKey, command: KeyCommand): boolean {
  const withApple = isApple();
  return KEYS[command].chords.some((chord) => matches(event, chord, withApple));
}

function isGlobal(command: string): command is GlobalCommand {
  return ENTRIES.some(([name, entry]) => name === command && entry.place === "anywhere");
}

function isOfFeed(command: string): command is FeedCommand {
  return ENTRIES.some(([name, entry]) => name === command && entry.place === "feed");
}

function find(event: PressedKey, place: KeyPlace): string | undefined {
  const withApple = isApple();
  return ENTRIES.find(
    ([, entry]) => entry.place === place && entry.chords.some((chord) => matches(event, chord, withApple)),
  )?.[0];
}

/** What a key means wherever it is pressed, or null. */
export function globalCommandOf(event: PressedKey): GlobalCommand | null {
  const command = find(event, "anywhere");
  return command !== undefined && isGlobal(command) ? command : null;
}

/** What a key means on a message, or null. */
export function feedCommandOf(event: PressedKey): FeedCommand | null {
  const command = find(event, "feed");
  return command !== undefined && isOfFeed(command) ? command : null;
}

/** What IMEs report as the key code of every key while a word is being composed. */
const COMPOSING_KEY_CODE = 229;

/** Whether a key belongs to a word that is still being composed: Enter then chooses a candidate, it does not send. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === COMPOSING_KEY_CODE;
}

/** Enter as a command: not in a composition, not with Shift. */
export function isPlainEnter(event: KeyboardEvent): boolean {
  return isKey(event, "send") && !isComposing(event);
}
