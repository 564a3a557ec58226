import { speak, type Cast, type Said } from "./demo-speech.js";
import type { Random } from "./demo-random.js";
import { parseTalks, type Talk } from "./demo-talk.js";
import { slotsAt } from "./demo-vocabulary.js";
import { codeTalks } from "./talks/code.js";
import { everydayTalks } from "./talks/everyday.js";
import { productTalks } from "./talks/product.js";
import { eveningTalks, fridayTalks, morningTalks, noonTalks, teamTalks } from "./talks/team.js";

const WORKDAYS = 40;
const MESSAGES_A_DAY = 70;
/** How much of a day is about everyday things. */
const EVERYDAY_SHARE = 0.92;
/** John, Jane and Bob. */
const TEAM = [1, 2, 3] as const;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const FRIDAY = 5;

/** A conversation and when it is to begin, if the one before is over. */
interface Planned {
  readonly talk: Talk;
  readonly startMs: number;
}

/** Some weeks of a team's talk, on the workdays before the given messages. */
export function chatterBefore(newest: readonly Said[], random: Random): readonly Said[] {
  const days = workdaysBefore(newest[0]?.atMs ?? 0);
  const topics = topicsOf(random);
  return days.flatMap((midnightMs, day) => {
    const said: Said[] = [];
    let freeFromMs = midnightMs;
    for (const { talk, startMs } of planDay(midnightMs, topics, random)) {
      const part = {
        cast: castOf(random),
        slots: slotsAt(day / days.length, random),
        startMs: Math.max(startMs, freeFromMs),
      };
      said.push(...speak(talk, part, random));
      freeFromMs = (said.at(-1)?.atMs ?? startMs) + random.between(3, 9) * MINUTE_MS;
    }
    return said;
  });
}

/** Midnights (UTC) of the workdays before the day of `ms`, oldest first. */
function workdaysBefore(ms: number): readonly number[] {
  const days: number[] = [];
  for (let midnightMs = Math.floor(ms / DAY_MS) * DAY_MS - DAY_MS; days.length < WORKDAYS; midnightMs -= DAY_MS) {
    const weekday = new Date(midnightMs).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days.unshift(midnightMs);
  }
  return days;
}

function planDay(midnightMs: number, topics: Topics, random: Random): readonly Planned[] {
  const at = (hour: number): number => midnightMs + hour * HOUR_MS + random.between(0, 14 * MINUTE_MS);
  const isFriday = new Date(midnightMs).getUTCDay() === FRIDAY;
  const talks = topics.ofOneDay();
  const planned: Planned[] = talks.map((talk, index) => ({ talk, startMs: at(9 + (index * 7.5) / talks.length) }));
  planned.push({ talk: topics.morning(), startMs: at(8.5) });
  if (random.next() < 0.6) planned.push({ talk: topics.noon(), startMs: at(12) });
  if (isFriday || random.next() < 0.6)
    planned.push({ talk: isFriday ? topics.friday() : topics.evening(), startMs: at(17) });
  return planned.toSorted((a, b) => a.startMs - b.startMs);
}

/** What there is to talk about: everything comes round again, but not before its turn. */
interface Topics {
  ofOneDay(): readonly Talk[];
  morning(): Talk;
  noon(): Talk;
  evening(): Talk;
  friday(): Talk;
}

function topicsOf(random: Random): Topics {
  const all = [codeTalks, productTalks, teamTalks].flatMap(parseTalks);
  const once = random.shuffled(all.filter((talk) => talk.isOnce));
  const onceADay = once.length / WORKDAYS;
  const special = roundOf(
    all.filter((talk) => !talk.isOnce),
    random,
  );
  const everyday = roundOf(parseTalks(everydayTalks), random);
  let day = 0;
  return {
    ofOneDay() {
      const talks = once.slice(Math.floor(day * onceADay), Math.floor((day + 1) * onceADay));
      day += 1;
      const wanted = MESSAGES_A_DAY + random.between(-12, 12);
      while (talks.reduce((sum, talk) => sum + expectedLength(talk), 0) < wanted) {
        talks.push(random.next() < EVERYDAY_SHARE ? everyday() : special());
      }
      return random.shuffled(talks);
    },
    morning: roundOf(parseTalks(morningTalks), random),
    noon: roundOf(parseTalks(noonTalks), random),
    evening: roundOf(parseTalks(eveningTalks), random),
    friday: roundOf(parseTalks(fridayTalks), random),
  };
}

function expectedLength({ lines }: Talk): number {
  return lines.reduce((sum, line) => sum + (line.isOptional ? 0.5 : 1), 0);
}

/** Gives one after the other in a random order, and begins anew when all had their turn. */
function roundOf(talks: readonly Talk[], random: Random): () => Talk {
  let left: Talk[] = [];
  return () => {
    if (left.length === 0) left = random.shuffled(talks);
    const talk = left.pop();
    if (talk === undefined) throw new Error("There is nothing to talk about.");
    return talk;
  };
}

function castOf(random: Random): Cast {
  const [a = TEAM[0], b = TEAM[1], c = TEAM[2]] = random.shuffled(TEAM);
  return { a, b, c };
}
