import { describe, expect, it } from "@jest/globals";
import { emojiFiles } from "../../../emoji-data.js";
import { toEmoji } from "./emoji.js";

interface DataEmoji {
  readonly emoji: string;
  readonly skins?: readonly { readonly emoji: string }[];
}

const parse = <T>(path: string): readonly T[] => JSON.parse(emojiFiles().get(path) ?? "[]") as readonly T[];
const isAsTheServerTakesIt = (emoji: string): boolean => toEmoji(emoji) === emoji;

describe("the emoji of the picker", () => {
  it.each(["en/data.json", "de/data.json"])("are all as the server takes them: %s", (path) => {
    const all = parse<DataEmoji>(path).flatMap(({ emoji, skins = [] }) => [emoji, ...skins.map((skin) => skin.emoji)]);
    expect(all.length).toBeGreaterThan(3_000);
    expect(all.filter((emoji) => !isAsTheServerTakesIt(emoji))).toEqual([]);
  });

  it("have names to be typed between colons, each for one emoji", () => {
    const entries = parse<readonly string[]>("en/shortcodes.json");
    const names = entries.flatMap(([, ...rest]) => rest);
    expect(entries.length).toBeGreaterThan(1_800);
    expect(entries.filter(([emoji = ""]) => !isAsTheServerTakesIt(emoji))).toEqual([]);
    expect(names.filter((name) => !/^[a-z0-9_+-]+$/.test(name))).toEqual([]);
    expect(entries.find((entry) => entry.includes("tada"))?.[0]).toBe("🎉");
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    expect(twice).toEqual([]);
  });
});
