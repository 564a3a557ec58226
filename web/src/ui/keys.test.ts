import { describe, expect, it } from "@jest/globals";
import { feedCommandOf, globalCommandOf, isApple, isKey, KEYS, chordParts, type PressedKey } from "./keys.js";
import { keyNames } from "./key-caps.js";

function press(key: string, held: Partial<PressedKey> = {}): PressedKey {
  return { key, code: "", altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...held };
}

describe("the table of keys", () => {
  it("has every chord once in each place, so that a key never means two things", () => {
    for (const place of ["anywhere", "feed", "composer"] as const) {
      const chords: string[] = Object.values(KEYS)
        .filter((entry) => entry.place === place)
        .flatMap((entry) => [...entry.chords]);
      expect(new Set(chords).size).toBe(chords.length);
    }
  });

  it("has letters and signs without a modifier on messages alone", () => {
    const single = Object.values(KEYS).filter(({ chords }) => chords.some((chord: string) => chord.length === 1));
    expect(single.length).toBeGreaterThan(5);
    expect(single.map(({ place }) => place)).toEqual(single.map(() => "feed"));
  });

  it.each([
    [press("k", { ctrlKey: true }), "goTo"],
    [press("F", { ctrlKey: true, shiftKey: true }), "search"],
    [press("ArrowUp", { altKey: true }), "previousRoom"],
    [press("ArrowDown", { altKey: true, shiftKey: true }), "nextUnread"],
    [press("F6", { shiftKey: true }), "previousRegion"],
    [press("/", { ctrlKey: true }), "listKeys"],
    [press("/", { ctrlKey: true, shiftKey: true }), "listKeys"],
  ])("finds what is meant everywhere (%#)", (event, command) => {
    expect(globalCommandOf(event)).toBe(command);
  });

  it.each([
    press("k"),
    press("k", { ctrlKey: true, altKey: true }),
    press("k", { ctrlKey: true, metaKey: true }),
    press("K", { ctrlKey: true, shiftKey: true }),
    press("ArrowUp"),
    press("?", { shiftKey: true }),
  ])("leaves other keys alone (%#)", (event) => {
    expect(globalCommandOf(event)).toBeNull();
  });

  it("knows the keys of a message, whichever way a keyboard makes a plus", () => {
    const pressed = [press("e"), press("+"), press("+", { shiftKey: true }), press("Delete"), press("j"), press("?")];
    expect(pressed.map(feedCommandOf)).toEqual(["edit", "react", "react", "delete", "nextMessage", "listKeysHere"]);
    expect(feedCommandOf(press("e", { ctrlKey: true }))).toBeNull();
  });

  it("takes the letter that is printed on the key where another script is typed", () => {
    expect(globalCommandOf(press("л", { code: "KeyK", ctrlKey: true }))).toBe("goTo");
    expect(feedCommandOf(press("у", { code: "KeyE" }))).toBe("edit");
  });

  it("sends with Enter alone", () => {
    expect(isKey(press("Enter"), "send")).toBe(true);
    const held = [{ shiftKey: true }, { ctrlKey: true }, { altKey: true }, { metaKey: true }];
    expect(held.map((modifiers) => isKey(press("Enter", modifiers), "send"))).toEqual([false, false, false, false]);
  });

  it("is written as the keys are labelled", () => {
    expect(keyNames("Mod+Shift+F", false)).toEqual(["Ctrl", "Shift", "F"]);
    expect(keyNames("Mod+Shift+F", true)).toEqual(["⌘", "⇧", "F"]);
    expect(keyNames("Alt+ArrowUp", false)).toEqual(["Alt", "↑"]);
    expect(chordParts("+")).toEqual(["+"]);
    expect(["MacIntel", "iPhone", "Win32", "Linux x86_64"].map(isApple)).toEqual([true, true, false, false]);
  });
});
