import { demoUsers } from "./demo-people.js";
import type { Random } from "./demo-random.js";
import { fillIn, parseTalks, type Line, type Slots, type Talk } from "./demo-talk.js";
import { slotsAt } from "./demo-vocabulary.js";

/** One message, with who said it and when. */
export interface Said {
  readonly user: number;
  readonly content: string;
  readonly atMs: number;
  readonly editedAtMs: number | null;
  readonly attachment: string | null;
  readonly reactions: readonly { readonly user: number; readonly emoji: string }[];
}

/** Who takes which part: a user's number for each role. */
export type Cast = Readonly<Record<string, number>>;

/** By their own names, as hand-written conversations have them. */
const asThemselves: Cast = Object.fromEntries(demoUsers.map((user) => [user.username, user.id]));

const SECOND_MS = 1_000;
const TYPING_MS_A_CHARACTER = 60;

/** A hand-written conversation, timed so that its last message was written at `endMs`. */
export function speakUntil(source: string, endMs: number, random: Random): readonly Said[] {
  const slots = slotsAt(1, random);
  const lines = parseTalks(source).flatMap((talk) => talk.lines);
  const said = speak({ isOnce: true, lines }, { cast: asThemselves, slots, startMs: 0 }, random);
  const shiftMs = endMs - (said.at(-1)?.atMs ?? 0);
  return said.map((message) => shifted(message, shiftMs));
}

/** The messages of one conversation: the parts given to people, the words chosen, one after the other from `startMs`. */
export function speak(
  talk: Talk,
  part: { readonly cast: Cast; readonly slots: Slots; readonly startMs: number },
  random: Random,
): readonly Said[] {
  const slots = { ...part.slots, ...namesOf(part.cast) };
  const said: Said[] = [];
  let atMs = part.startMs;
  for (const line of talk.lines) {
    if (line.isOptional && random.next() < 0.5) continue;
    const user = part.cast[line.role];
    if (user === undefined) throw new Error(`Nobody takes the part of ${line.role}.`);
    const content = fillIn(line.text, slots, random);
    atMs += line.pauseMs + gapMs(content, said.at(-1)?.user === user, random);
    const editedAtMs = line.isEdited ? atMs + random.between(30, 240) * SECOND_MS : null;
    const reactions = reactionsOn(line, part.cast, random);
    said.push({ user, content, atMs, editedAtMs, attachment: line.attachment, reactions });
  }
  return said;
}

/** The times of one conversation moved together. */
function shifted(message: Said, byMs: number): Said {
  const editedAtMs = message.editedAtMs === null ? null : message.editedAtMs + byMs;
  return { ...message, atMs: message.atMs + byMs, editedAtMs };
}

/** Somebody who goes on talking is quicker than one who has to notice first. */
function gapMs(content: string, goesOn: boolean, random: Random): number {
  const thinkingMs = random.between(goesOn ? 4 : 15, goesOn ? 30 : 140) * SECOND_MS;
  return thinkingMs + Math.min(content.length, 600) * TYPING_MS_A_CHARACTER + random.between(0, 999);
}

/** `{a}` is the username of whoever takes part a, `{A}` the first name. */
function namesOf(cast: Cast): Slots {
  const names: [string, string][] = [];
  for (const [role, id] of Object.entries(cast)) {
    const user = demoUsers.find((candidate) => candidate.id === id);
    if (user === undefined || role.length > 1) continue;
    names.push([role, user.username], [role.toUpperCase(), user.display_name.split(" ")[0] ?? user.display_name]);
  }
  return Object.fromEntries(names);
}

function reactionsOn(line: Line, cast: Cast, random: Random): Said["reactions"] {
  if (line.reactions === "") return [];
  return fillIn(line.reactions, {}, random)
    .split(" ")
    .flatMap((reaction) => {
      const [, emoji, role] = /^(\P{ASCII}+)([a-z]+)$/u.exec(reaction) ?? [];
      const user = role === undefined ? undefined : cast[role];
      if (emoji === undefined || user === undefined) throw new Error(`This is no reaction: ${reaction}`);
      return [{ user, emoji }];
    });
}
