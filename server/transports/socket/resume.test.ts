import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import type { Project, User } from "../../features/directory/directory.js";
import { deleteMessage, editMessage, sendMessage } from "../../features/messages/message.actions.js";
import { addReaction, removeReaction } from "../../features/reactions/reaction.actions.js";
import { addParticipant, removeParticipant } from "../../features/rooms/participant.actions.js";
import { renameRoom } from "../../features/rooms/room.actions.js";
import type { Room } from "../../features/rooms/room.js";
import type { GraphqlWorld } from "../../test/graphql-world.js";
import { pairRooms } from "../../test/pair-room.js";
import { query, sql } from "../../platform/sql.js";
import { dial, enter, type RawFrame, type RawLine } from "../../test/raw-socket.js";

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let bob: User;
let room: Room;
pairRooms(async (pair) => {
  ({ graph, project, john, jane, room } = pair);
  bob = await graph.world.person(`bob${pair.people}`, project);
});

const as = (user: User) => graph.world.as(user);
const lineOf = async (user: User, query = ""): Promise<RawLine> =>
  enter(graph.server.url, room.id, { token: await graph.server.token(user), query });
const resume = async (user: User, after: number | "", epoch?: string): Promise<RawLine> =>
  lineOf(user, `?after=${after}${epoch === undefined ? "" : `&epoch=${epoch}`}`);
const say = (user: User, content: string) => sendMessage(as(user), { roomId: room.id, content });
const ready = z.object({ type: z.literal("ready"), epoch: z.string(), after: z.int(), seq: z.int() });
const epochOf = async (): Promise<string> => ready.parse(await (await resume(john, "")).hears("ready")).epoch;
const places = (frames: readonly RawFrame[]) => frames.map(({ type, seq }) => [type, seq]);

/** One of everything that can happen in a room for good. */
async function happen(): Promise<void> {
  const message = await say(john, "one");
  await editMessage(as(john), { messageId: message.id, content: "two" });
  await addReaction(as(jane), { messageId: message.id, emoji: "👍" });
  await removeReaction(as(jane), { messageId: message.id, emoji: "👍" });
  await deleteMessage(as(john), { messageId: message.id });
  await addParticipant(as(john), { roomId: room.id, person: { id: bob.id } });
  await removeParticipant(as(john), { roomId: room.id, person: { id: bob.id } });
  await renameRoom(as(john), { roomId: room.id, name: "Renamed" });
}
const HAPPENED = [
  ["message_new", 1],
  ["message_edited", 2],
  ["reaction_added", 3],
  ["reaction_removed", 4],
  ["message_deleted", 5],
  ["participant_added", 6],
  ["participant_removed", 7],
  ["room_changed", 8],
] as const;

describe("resuming", () => {
  test("brings precisely what was missed, in order, and then what happens", async () => {
    const epoch = await epochOf();
    await happen();
    const line = await resume(jane, 0, epoch);
    await line.hears("room_changed");
    await say(john, "live");
    await line.hears("message_new", 2);
    expect(line.frames[0]).toEqual({ type: "ready", epoch, after: 0, seq: 8 });
    expect(places(line.frames.slice(1))).toEqual([...HAPPENED, ["message_new", 9]]);
  });

  test("from any point is the rest", async () => {
    const epoch = await epochOf();
    await happen();
    for (let after = 0; after <= HAPPENED.length; after += 1) {
      const line = await resume(jane, after, epoch);
      const expected = HAPPENED.slice(after);
      await line.hears("ready");
      for (const [type] of expected) await line.hears(type);
      expect(line.frames[0]).toEqual({ type: "ready", epoch, after, seq: HAPPENED.length });
      expect(places(line.frames.slice(1))).toEqual(expected);
      line.socket.terminate();
    }
  });

  test("with an empty point begins now, and says where that is", async () => {
    await say(john, "before");
    const line = await resume(jane, "");
    await happen();
    await line.hears("room_changed");
    expect(line.frames[0]).toEqual({ type: "ready", epoch: expect.any(String), after: 1, seq: 1 });
    expect(places(line.frames.slice(1))).toEqual(HAPPENED.map(([type, seq]) => [type, seq + 1]));
  });

  test("by a first frame that logs in says ready first", async () => {
    const line = await enter(graph.server.url, room.id, { query: "?after=" });
    line.send({ type: "authenticate", token: await graph.server.token(jane) });
    await line.hears("authenticated");
    expect(line.frames.map(({ type }) => type)).toEqual(["ready", "authenticated"]);
  });

  test("frames that may be lost bear no seq", async () => {
    const line = await resume(john, "");
    const of = await lineOf(jane);
    of.send({ type: "typing", is_typing: true });
    expect(Object.keys(await line.hears("user_joined"))).not.toContain("seq");
    expect(Object.keys(await line.hears("user_typing"))).not.toContain("seq");
  });

  test("tells of people and of the room what it is", async () => {
    const line = await resume(jane, "");
    await happen();
    const frames = [
      await line.hears("participant_added"),
      await line.hears("participant_removed"),
      await line.hears("room_changed"),
    ];
    const participant = {
      id: expect.any(Number),
      user: { id: bob.id, username: bob.username, display_name: bob.displayName },
      joined_at: expect.any(String),
    };
    expect(frames).toMatchObject([
      { participant, owner_id: john.id, updated_at: expect.any(String) },
      { participant, owner_id: john.id, updated_at: expect.any(String) },
      { room: { id: room.id, name: "Renamed", type: "group", project: project.id } },
    ]);
  });

  test("of a message that was deleted meanwhile shows no words", async () => {
    const epoch = await epochOf();
    const message = await say(john, "a secret");
    await deleteMessage(as(john), { messageId: message.id });
    const line = await resume(jane, 0, epoch);
    await line.hears("message_deleted");
    expect(places(line.frames.slice(1))).toEqual([
      ["message_new", 1],
      ["message_deleted", 2],
    ]);
    expect(JSON.stringify(line.frames)).not.toContain("secret");
  });

  test("of an edit shows the reactions that the message had then", async () => {
    const epoch = await epochOf();
    const message = await say(john, "one");
    await addReaction(as(jane), { messageId: message.id, emoji: "👍" });
    const edited = await editMessage(as(john), { messageId: message.id, content: "two" });
    databaseTimePasses(edited.updatedAt);
    await addReaction(as(jane), { messageId: message.id, emoji: "🎉" });
    const line = await resume(jane, 0, epoch);
    await line.hears("reaction_added", 2);
    expect(await line.hears("message_edited")).toMatchObject({ message: { reactions: [{ emoji: "👍" }] } });
  });

  test.each([
    ["another epoch", "?after=0&epoch=beef.1", 4409],
    ["an epoch that never was one", "?after=0&epoch='; drop table chat_room; --", 4409],
    ["a point beyond the room", "?after=7&epoch=EPOCH", 4409],
    ["a number that no log reaches", "?after=99999999999&epoch=EPOCH", 4409],
    ["a number that is none", "?after=-1&epoch=EPOCH", 4400],
    ["words", "?after=now&epoch=EPOCH", 4400],
    ["a number with a point", "?after=1.0&epoch=EPOCH", 4400],
    ["two points", "?after=0&after=1&epoch=EPOCH", 4400],
    ["no epoch", "?after=0", 4400],
    ["an empty epoch", "?after=0&epoch=", 4400],
  ])("from %s ends with the code for it", async (_what, query, code) => {
    const token = await graph.server.token(jane);
    const line = dial(graph.server.url, room.id, { token, query: query.replace("EPOCH", await epochOf()) });
    expect(await line.ended()).toBe(code);
    expect(line.frames).toEqual([]);
  });

  test("ends with 4409 when the room's log is written anew under it", async () => {
    const line = await resume(jane, "");
    await line.hears("ready");
    await query(graph.world.database.fork(), sql`update feed_stream set epoch = epoch + 1 where id = ${`r${room.id}`}`);
    await say(john, "in another epoch");
    expect(await line.ended()).toBe(4409);
    expect(line.ofType("message_new")).toEqual([]);
  });

  test("what is missed on the way is asked for again: a point is what was handled", async () => {
    const seen: unknown[] = [];
    const { epoch, after: start } = ready.parse(await (await resume(jane, "")).hears("ready"));
    let after = start;
    for (let round = 0; round < 5; round += 1) {
      await say(john, `${round}a`);
      await say(john, `${round}b`);
      const line = await resume(jane, after, epoch);
      // The client handles one frame of two and is gone.
      const frame = await line.hears("message_new");
      seen.push(z.object({ message: z.object({ content: z.string() }) }).parse(frame).message.content);
      after = z.int().parse(frame.seq);
      line.socket.terminate();
    }
    expect(seen).toEqual(["0a", "0b", "1a", "1b", "2a"]);
  });
});

/** The next moment of the database's clock, which counts thousandths in what it tells. */
function databaseTimePasses(since: string): void {
  while (Date.now() <= Date.parse(since) + 1);
}
