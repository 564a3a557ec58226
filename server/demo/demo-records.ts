import { chatterBefore } from "./demo-chatter.js";
import { demoProjects, demoUsers } from "./demo-people.js";
import { createRandom, type Random } from "./demo-random.js";
import { speakUntil, type Said } from "./demo-speech.js";
import type { DemoRecord, MessageRecord, RoomRecord } from "./demo-record.js";
import { newestTalk } from "./talks/newest.js";
import { betaTalk, designTalk, directTalk, releasesTalk } from "./talks/rooms.js";

interface RoomPlan {
  readonly room: Omit<RoomRecord, "kind" | "participants">;
  /** For each participant (the creator first) how many of the newest messages they have not read. */
  readonly unread: Readonly<Record<string, number>>;
  readonly said: readonly Said[];
}

const SEED = 2_025;
const MINUTE_MS = 60_000;
/** A reaction comes some seconds after its message; several come one after the other. */
const REACTION_PAUSE_MS = 20_000;
/** The example requests that edit or react to message 42 do so as John. */
const EXAMPLE_MESSAGE_INDEX = 41;
const JOHN = 1;

/**
 * The demo: two projects, five people, and some weeks of their talk, the last of it minutes before `now`. The same
 * `now` gives the same records.
 */
export function demoRecords(now: Date): readonly DemoRecord[] {
  const plans = planRooms(now.getTime(), createRandom(SEED));
  return [...demoUsers, ...demoProjects, ...plans.map(toRoomRecord), ...toMessageRecords(plans)];
}

function planRooms(nowMs: number, random: Random): readonly RoomPlan[] {
  const minutesAgo = (minutes: number): number => nowMs - minutes * MINUTE_MS;
  const newest = speakUntil(newestTalk, minutesAgo(4), random);
  return [
    {
      room: { id: 1, type: "group", name: "Project Discussion", project: 1, created_by: JOHN },
      unread: { john: 0, jane: 6, bob: 4 },
      said: withExample([...chatterBefore(newest, random), ...newest]),
    },
    {
      room: { id: 2, type: "group", name: "Design", project: 1, created_by: 2 },
      unread: { jane: 0, alice: 0, john: 2 },
      said: speakUntil(designTalk, minutesAgo(25), random),
    },
    {
      room: { id: 3, type: "group", name: "Releases", project: 1, created_by: 3 },
      unread: { bob: 0, john: 0, alice: 0 },
      said: speakUntil(releasesTalk, minutesAgo(130), random),
    },
    {
      room: { id: 4, type: "direct", name: "", project: 1, created_by: JOHN },
      unread: { john: 0, jane: 2 },
      said: speakUntil(directTalk, minutesAgo(12), random),
    },
    {
      room: { id: 5, type: "group", name: "Beta notes", project: 2, created_by: 5 },
      unread: { dee: 0 },
      said: speakUntil(betaTalk, minutesAgo(26 * 60), random),
    },
  ];
}

function withExample(said: readonly Said[]): readonly Said[] {
  const [before, after] = [said[EXAMPLE_MESSAGE_INDEX - 1], said[EXAMPLE_MESSAGE_INDEX]];
  if (before === undefined || after === undefined) throw new Error("The demo's history is too short.");
  const atMs = Math.round((before.atMs + after.atMs) / 2);
  const reactions = [{ user: 2, emoji: "👋" }];
  const hello: Said = { user: JOHN, content: "Hello!", atMs, editedAtMs: null, attachment: null, reactions };
  return said.toSpliced(EXAMPLE_MESSAGE_INDEX, 0, hello);
}

function toRoomRecord({ room, unread, said }: RoomPlan): RoomRecord {
  const startMs = (said[0]?.atMs ?? 0) - 5 * MINUTE_MS;
  const participants = Object.entries(unread).map(([username, count], place) => ({
    user: demoUsers.find((user) => user.username === username)?.id ?? 0,
    joined_at: toTime(startMs + place * 1_000),
    last_read_at: toTime(said.at(-1 - count)?.atMs ?? startMs),
  }));
  return { kind: "room", ...room, participants };
}

/** Numbered over all rooms in the order in which they were written, as they would have been. */
function toMessageRecords(plans: readonly RoomPlan[]): readonly MessageRecord[] {
  return plans
    .flatMap(({ room, said }) => said.map((message) => ({ room: room.id, message })))
    .toSorted((a, b) => a.message.atMs - b.message.atMs)
    .map(({ room, message }, index) => ({
      kind: "message",
      id: index + 1,
      room,
      user: message.user,
      content: message.content,
      attachment: message.attachment,
      created_at: toTime(message.atMs),
      edited_at: message.editedAtMs === null ? null : toTime(message.editedAtMs),
      reactions: message.reactions.map((reaction, place) => ({
        ...reaction,
        created_at: toTime(message.atMs + (place + 1) * REACTION_PAUSE_MS),
      })),
    }));
}

function toTime(ms: number): string {
  return new Date(ms).toISOString();
}
