import type { Random } from "./demo-random.js";

/** One message of a conversation, before anybody in particular has said it. */
export interface Line {
  /** Who says it: a username, or `a`, `b`, `c` for whoever takes that part. */
  readonly role: string;
  readonly text: string;
  readonly isEdited: boolean;
  /** Said only sometimes. */
  readonly isOptional: boolean;
  readonly reactions: string;
  /** Beside the words: the name of a file of `demo-files.ts`. */
  readonly attachment: string | null;
  /** How long nobody says anything before it. */
  readonly pauseMs: number;
}

export interface Talk {
  /** Would be odd to read twice. */
  readonly isOnce: boolean;
  readonly lines: readonly Line[];
}

/** What stands for a name in `{braces}`. */
export type Slots = Readonly<Record<string, string>>;

const MINUTE_MS = 60_000;
const UNIT_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 24 * 60 * MINUTE_MS };
const LINE = /^(\?)?(\w+)(\*)?: (.*?)(?: << (\S+))?(?: ~ (.+))?$/;
const CHOICE = /\[([^[\]|]*(?:\|[^[\]|]*)+)\]/g;
const PAUSE = /^-- (\d+)([mhd])$/;

/**
 * Reads conversations: an empty line between two, a line a message.
 *
 *     a: text                  a message; `a*:` was edited later, `?a:` is left out half of the time
 *     a: text ~ 👍b            with a reaction of b's
 *     a: text << x.png ~ 👍b   with a file of `demo-files.ts`
 *     -- 3h                    a pause (m, h, d)
 *     # once                   before a conversation that nobody should read twice
 *
 * In a text `\n` breaks the line, `'''` fences code and `''` quotes it, `{slot}` is filled in and `[one|the other]`
 * chosen from.
 */
export function parseTalks(source: string): readonly Talk[] {
  return source
    .trim()
    .split(/\n{2,}/)
    .map((block) => {
      const lines = block.split("\n");
      return { isOnce: lines[0] === "# once", lines: parseLines(lines.filter((line) => line !== "# once")) };
    });
}

function parseLines(lines: readonly string[]): readonly Line[] {
  const parsed: Line[] = [];
  let pauseMs = 0;
  for (const line of lines) {
    const [, count, unit] = PAUSE.exec(line) ?? [];
    if (count !== undefined && unit !== undefined) {
      pauseMs = Number(count) * (UNIT_MS[unit] ?? 0);
      continue;
    }
    const [, optional, role, edited, text, attachment, reactions] = LINE.exec(line) ?? [];
    if (role === undefined || text === undefined) throw new Error(`This is no line of a conversation: ${line}`);
    parsed.push({
      role,
      text: text.replaceAll("\\n", "\n").replaceAll("'''", "```").replaceAll("''", "`"),
      isEdited: edited !== undefined,
      isOptional: optional !== undefined,
      reactions: reactions ?? "",
      attachment: attachment ?? null,
      pauseMs,
    });
    pauseMs = 0;
  }
  return parsed;
}

/** Chooses among what stands in brackets, then fills in what stands in braces; at the beginning with a capital. */
export function fillIn(text: string, slots: Slots, random: Random): string {
  return text
    .replace(CHOICE, (_, choices: string) => random.pick(choices.split("|")))
    .replaceAll(" ,", ",")
    .replace(/^\{(\w+)\}/, (whole, name: string) => capitalised(slots[name] ?? whole))
    .replace(/\{(\w+)\}/g, (whole, name: string) => slots[name] ?? whole);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
