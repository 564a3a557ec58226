import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

// The emoji picker's data, served by our own server below /emojibase/: what the picker reads of emojibase's files, in
// the languages that the client has, and the names behind `:tada:`.

const LOCALES = ["en", "de"] as const;
/** GitHub's names, then Slack's: what people have in their fingers. */
const SHORTCODE_SETS = ["github", "iamcal"] as const;
/** Emojibase's group of what is only a part of others: skin tones, hair. */
const COMPONENTS = 2;

interface SourceEmoji {
  readonly hexcode: string;
  readonly emoji: string;
  readonly label: string;
  readonly group?: number;
  readonly subgroup?: number;
  readonly order?: number;
  readonly version: number;
  readonly tags?: readonly string[];
  readonly skins?: readonly { readonly emoji: string; readonly tone: number | readonly number[] }[];
}

const require = createRequire(import.meta.url);

function parseFile<T>(path: string): T {
  return JSON.parse(readFileSync(require.resolve(`emojibase-data/${path}`), "utf8")) as T;
}

/** Emojibase asks for colour where Unicode has it anyhow; the server takes an emoji only as Unicode recommends it. */
export function asRecommended(emoji: string): string | null {
  const isRecommended = (text: string): boolean => /^\p{RGI_Emoji}$/v.test(text);
  const bare = emoji.replaceAll("\uFE0F", "");
  return isRecommended(emoji) ? emoji : isRecommended(bare) ? bare : null;
}

function readEmoji(locale: string) {
  return parseFile<readonly SourceEmoji[]>(`${locale}/data.json`)
    .filter(({ group }) => group !== undefined && group !== COMPONENTS)
    .flatMap(({ hexcode, emoji, label, group, subgroup, order, version, tags, skins }) => {
      const recommended = asRecommended(emoji);
      if (recommended === null) return [];
      const toned = skins?.map((skin) => ({ emoji: skin.emoji, tone: skin.tone }));
      return [{ hexcode, emoji: recommended, label, group, subgroup, order, version, tags, skins: toned }];
    });
}

function readShortcodes(): readonly (readonly string[])[] {
  const owners = new Map<string, string>();
  for (const set of SHORTCODE_SETS) {
    const names = Object.entries(
      parseFile<Readonly<Record<string, string | readonly string[]>>>(`en/shortcodes/${set}.json`),
    );
    const pairs = names.flatMap(([hexcode, own]) => [own].flat().map((name) => [name, hexcode] as const));
    // Where two sets mean different emoji by a name, the first one has it.
    for (const [name, hexcode] of pairs) if (!owners.has(name)) owners.set(name, hexcode);
  }
  const byOwner = Map.groupBy(owners.keys(), (name) => owners.get(name));
  return readEmoji("en")
    .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .flatMap(({ emoji, hexcode }) => {
      const names = byOwner.get(hexcode);
      return names ? [[emoji, ...names]] : [];
    });
}

/** The files by their path below /emojibase/. */
export function emojiFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const locale of LOCALES) {
    files.set(`${locale}/data.json`, JSON.stringify(readEmoji(locale)));
    files.set(`${locale}/messages.json`, JSON.stringify(parseFile(`${locale}/messages.json`)));
  }
  files.set("en/shortcodes.json", JSON.stringify(readShortcodes()));
  return files;
}

/** Puts the emoji data beside the build, and below the same addresses of the development server. */
export function emojiData(): Plugin {
  return {
    name: "emoji-data",
    generateBundle() {
      for (const [path, source] of emojiFiles())
        this.emitFile({ type: "asset", fileName: `emojibase/${path}`, source });
    },
    configureServer(server) {
      const files = emojiFiles();
      server.middlewares.use("/emojibase", (request, response, next) => {
        const source = files.get(request.url?.slice(1) ?? "");
        if (source === undefined) return next();
        response.setHeader("content-type", "application/json");
        response.end(source);
      });
    },
  };
}
