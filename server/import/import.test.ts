import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { recognise } from "../features/directory/directory.actions.js";
import { usersByIds } from "../features/directory/directory.queries.js";
import { deleteMessage, editMessage, sendMessage } from "../features/messages/message.actions.js";
import { historiesOf } from "../features/messages/message.queries.js";
import { markRoomRead } from "../features/receipts/receipt.actions.js";
import { removeParticipant } from "../features/rooms/participant.actions.js";
import { createRoom, deleteRoom } from "../features/rooms/room.actions.js";
import { participantsOf, viewedRoom } from "../features/rooms/room.queries.js";
import { parseId, type UserId } from "../platform/ids.js";
import type { RoomId } from "../features/rooms/room.js";
import type { Scope } from "../platform/scope.js";
import { query, sql, type RawBuilder } from "../platform/sql.js";
import { contentOf, importLines, type FileLine } from "../test/importing.js";
import { createWorld, type World } from "../test/world.js";

const people: readonly FileLine[] = [
  { kind: "user", id: 1, username: "john", display_name: "John Doe" },
  { kind: "user", id: 2, username: "Jane", display_name: "Jane Smith" },
  { kind: "user", id: 3, host_id: "usr_9f", username: "bob", display_name: "Bob Stone" },
  { kind: "project", id: 7, name: "Apollo", members: [1, 2, 3] },
];
const room = {
  kind: "room",
  id: 5,
  type: "group",
  name: "Talk",
  project: 7,
  created_by: 1,
  participants: [
    1,
    { user: 2, joined_at: "2025-11-01T09:00:00Z", last_read_at: "2025-11-06T15:31:00Z" },
    { user: 3, joined_at: "2025-11-02T09:00:00Z", last_read_at: null },
  ],
};
/** A message, its text with or without more. */
const said = (id: number, user: number, minute: number, words: string | object): FileLine => {
  const created_at = `2025-11-06T15:${String(minute).padStart(2, "0")}:00Z`;
  const more = typeof words === "string" ? { content: words } : words;
  return { kind: "message", id, room: 5, user, created_at, ...more };
};
const talk: readonly FileLine[] = [
  said(40, 1, 30, "one"),
  said(41, 2, 31, { content: "two, @john", reactions: [{ user: 1, emoji: "❤" }] }),
  said(42, 1, 32, { content: "three, @jane and @bob and @nobody", edited_at: "2025-11-06T15:40:00.123456Z" }),
];
const all = [...people, room, ...talk];

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => rows(sql`truncate chat_user, chat_project, feed_stream, feed_entry restart identity cascade`));
afterAll(() => world.close());

const rows = <Row>(statement: RawBuilder<Row>): Promise<readonly Row[]> => query(world.database.fork(), statement);
const roomId = (id = 5): RoomId => parseId<RoomId>(id) ?? neverAnId();
const userId = (id: number): UserId => parseId<UserId>(id) ?? neverAnId();
const neverAnId = (): never => {
  throw new Error("This is no id.");
};
const as = async (id: number): Promise<Scope> => {
  const [user] = await usersByIds(world.database.fork(), [userId(id)]);
  if (user === undefined) throw new Error(`There is no user ${id}.`);
  return world.as(user);
};
const history = async (viewer = 1, id = 5) =>
  (
    await historiesOf(
      world.database.fork(),
      { viewerId: userId(viewer), roomIds: [roomId(id)] },
      { limit: 100, from: "newest" },
    )
  ).histories[0] ?? [];
const unread = async (viewer: number, id = 5) => {
  const viewed = await viewedRoom(world.database.fork(), userId(viewer), String(id));
  return [viewed?.state.unreadCount, viewed?.state.unreadMentionCount];
};
const epochs = async () =>
  Object.fromEntries(
    (await rows<{ id: string; epoch: number }>(sql`select id, epoch from feed_stream`)).map(({ id, epoch }) => [
      id,
      epoch,
    ]),
  );

describe("a team's tables", () => {
  test("come along with their ids, and what they are is what they were", async () => {
    expect(await importLines(world, ...all)).toEqual({
      user: { new: 3, known: 0 },
      project: { new: 1, known: 0 },
      room: { new: 1, known: 0 },
      message: { new: 3, known: 0 },
    });
    expect(await rows(sql`select id, host_id, username, display_name from chat_user order by id`)).toEqual([
      { id: 1, host_id: "1", username: "john", display_name: "John Doe" },
      { id: 2, host_id: "2", username: "Jane", display_name: "Jane Smith" },
      { id: 3, host_id: "usr_9f", username: "bob", display_name: "Bob Stone" },
    ]);
    const viewed = await viewedRoom(world.database.fork(), userId(1), "5");
    expect(viewed).toMatchObject({ name: "Talk", ownerId: 1, createdById: 1, createdAt: "2025-11-01T09:00:00.000Z" });
    expect(viewed?.updatedAt).toBe("2025-11-06T15:32:00.000Z");
    const messages = await history();
    expect(messages.map(({ id, no, content }) => [id, no, content])).toEqual([
      [40, 1, "one"],
      [41, 2, "two, @john"],
      [42, 3, "three, @jane and @bob and @nobody"],
    ]);
    expect(messages.map(({ mentionIds }) => mentionIds)).toEqual([[], [1], [2, 3]]);
    expect(messages[2]).toMatchObject({ editedAt: "2025-11-06T15:40:00.123Z", updatedAt: "2025-11-06T15:40:00.123Z" });
    expect(await rows(sql`select message_id, user_id, emoji from message_reaction`)).toEqual([
      { message_id: 41, user_id: 1, emoji: "\u2764\ufe0f" },
    ]);
    expect(await rows(sql`select 1 from feed_entry`)).toEqual([]);
  });

  test("stand in a room by time and then by id, to the microsecond, whatever the order of the file", async () => {
    const at = (id: number, created_at: string): FileLine => ({ ...Object(said(id, 1, 0, `${id}`)), created_at });
    await importLines(
      world,
      ...people,
      room,
      at(9, "2025-11-06T15:30:00.000002Z"),
      at(8, "2025-11-06T17:30:00.000002+02:00"),
      at(3, "2025-11-06T15:30:00.5Z"),
      at(11, "2025-11-06T15:30:00Z"),
      at(10, "2025-11-06T15:30:00.000001Z"),
    );
    expect((await history()).map(({ id }) => id)).toEqual([11, 10, 8, 9, 3]);
  });

  test("are read as far as the file says, and by their authors", async () => {
    await importLines(world, ...all);
    expect(await unread(1)).toEqual([0, 0]);
    expect(await unread(2)).toEqual([1, 1]);
    expect(await unread(3)).toEqual([3, 1]);
    const read = await participantsOf(world.database.fork(), [roomId()]);
    expect(read.map(({ userId: id, lastReadAt, readNo }) => [id, lastReadAt, readNo])).toEqual([
      [1, "2025-11-06T15:32:00.000Z", 3],
      [2, "2025-11-06T15:31:00.000Z", 2],
      [3, null, 0],
    ]);
    await markRoomRead(await as(3), { roomId: 5 });
    expect(await unread(3)).toEqual([0, 0]);
  });

  test("are gone on with: new ids follow, and new messages come after the old ones", async () => {
    await importLines(world, ...all);
    const message = await sendMessage(await as(2), { roomId: 5, content: "four" });
    expect(message).toMatchObject({ id: 43, no: 4 });
    const { room: next } = await createRoom(await as(1), {
      type: "group",
      name: "Next",
      project: { id: 7 },
      participants: [],
    });
    expect(next.id).toBe(6);
    const { user } = await recognise(world.database.fork(), { hostId: "new" }, undefined);
    expect(user.id).toBe(4);
  });

  test("never set the counters back", async () => {
    await importLines(world, ...people, room, said(900, 1, 30, "high"));
    await importLines(world, { ...room, id: 4 }, { ...Object(said(20, 1, 30, "low")), room: 4 });
    expect(await sendMessage(await as(1), { roomId: 5, content: "next" })).toMatchObject({ id: 901 });
  });

  test("may have authors who have left the room, and rooms whose maker is unknown", async () => {
    const left = {
      ...room,
      created_by: null,
      participants: [room.participants[1], { user: 3, joined_at: "2025-11-01T08:00:00Z" }],
    };
    await importLines(world, ...people, left, ...talk);
    const viewed = await viewedRoom(world.database.fork(), userId(2), "5");
    expect(viewed).toMatchObject({ createdById: null, ownerId: 3 });
    expect((await history(2)).map(({ userId: id, mentionIds }) => [id, mentionIds])).toEqual([
      [1, []],
      [2, []],
      [1, [2, 3]],
    ]);
  });

  test("have direct rooms that are found again when somebody opens them", async () => {
    const direct = { kind: "room", id: 9, type: "direct", project: 7, created_by: 3, participants: [3, 1] };
    await importLines(world, ...people, direct);
    const input = { type: "direct", project: { id: 7 }, participants: [{ id: 3 }] };
    expect(await createRoom(await as(1), input)).toMatchObject({ created: false, room: { id: 9, ownerId: null } });
  });

  test("are cleaned like what is sent", async () => {
    const names = { kind: "user", id: 8, username: " max\u0000 ", display_name: "Max\u202e  Roe" };
    await importLines(world, ...people, names, room, said(50, 1, 30, "a\r\nb\u0007"));
    expect((await history())[0]?.content).toBe("a\nb");
    expect(await rows(sql`select username, display_name from chat_user where id = 8`)).toEqual([
      { username: "max", display_name: "Max Roe" },
    ]);
  });
});

describe("importing the same file twice", () => {
  test("changes nothing, and says so", async () => {
    await importLines(world, ...all);
    const before = await contentOf(world.database);
    expect(await importLines(world, ...all, ...all)).toMatchObject({
      user: { new: 0, known: 6 },
      message: { new: 0, known: 6 },
    });
    expect(await contentOf(world.database)).toEqual(before);
  });

  test("leaves alone what has lived on since: words, names, who read what", async () => {
    await importLines(world, ...all);
    await editMessage(await as(1), { messageId: 40, content: "one, but better" });
    await deleteMessage(await as(2), { messageId: 41 });
    await sendMessage(await as(2), { roomId: 5, content: "four" });
    await recognise(world.database.fork(), { hostId: "2", username: "jane.smith" }, Date.UTC(2026, 0, 1));
    const before = await contentOf(world.database);
    await importLines(world, ...all);
    expect(await contentOf(world.database)).toEqual(before);
    expect(await unread(1)).toEqual([1, 0]);
  });

  test("brings a room back that was deleted, under another epoch", async () => {
    await importLines(world, ...all);
    await sendMessage(await as(1), { roomId: 5, content: "four" });
    await deleteRoom(await as(1), { roomId: 5 });
    expect(await importLines(world, ...all)).toMatchObject({
      room: { new: 1, known: 0 },
      message: { new: 3, known: 0 },
    });
    expect((await history()).map(({ no }) => no)).toEqual([1, 2, 3]);
    expect((await epochs()).r5).toBe(2);
    expect(await sendMessage(await as(1), { roomId: 5, content: "four again" })).toMatchObject({ no: 4 });
    expect(await unread(3)).toEqual([4, 1]);
  });
});

describe("a file with more than is there", () => {
  beforeEach(() => importLines(world, ...all));

  test("adds its messages after the newest, unread but for their authors and who has read all", async () => {
    await importLines(world, ...all, said(50, 2, 50, "later, @john"), said(51, 3, 51, "and later, @jane"));
    expect((await history()).map(({ no, id }) => [no, id])).toEqual([
      [1, 40],
      [2, 41],
      [3, 42],
      [4, 50],
      [5, 51],
    ]);
    // John has read everything, Jane up to her own, and Bob wrote the last.
    expect([await unread(1), await unread(2), await unread(3)]).toEqual([
      [0, 0],
      [1, 1],
      [0, 0],
    ]);
    expect(await epochs()).toEqual({ r5: 2 });
  });

  test("leaves those whom it does not name where they were", async () => {
    await importLines(world, said(50, 2, 50, "later, @john"));
    expect([await unread(1), await unread(3)]).toEqual([
      [1, 1],
      [4, 1],
    ]);
  });

  test("adds members, participants and reactions, and takes nobody out", async () => {
    const dee = { kind: "user", id: 4, username: "dee", display_name: "Dee Okafor" };
    const apollo = { kind: "project", id: 7, name: "Apollo", members: [4] };
    const reacted = said(40, 1, 30, {
      content: "one",
      reactions: [{ user: 4, emoji: "👍", created_at: "2025-11-06T16:00:00Z" }],
    });
    await importLines(world, dee, apollo, { ...room, participants: [4] }, reacted);
    const present = await participantsOf(world.database.fork(), [roomId()]);
    expect(present.map((each) => each.userId)).toEqual([1, 2, 3, 4]);
    expect(await unread(4)).toEqual([0, 0]);
    expect(await rows(sql`select user_id, emoji from message_reaction where message_id = 40`)).toEqual([
      { user_id: 4, emoji: "👍" },
    ]);
    expect(await epochs()).toEqual({ r5: 2 });
  });

  test("gives a known person who comes into a room another epoch, since nobody tells them that they joined", async () => {
    await importLines(world, { ...room, id: 6, participants: [3] });
    expect(await epochs()).toEqual({ r5: 1, r6: 1, u3: 2 });
    await sendMessage(await as(3), { roomId: 6, content: "hello" });
    await importLines(world, { ...room, id: 8, participants: [3] });
    expect((await epochs()).u3).toBe(3);
  });

  test("brings somebody back who has left, with what they had read then forgotten", async () => {
    await removeParticipant(await as(3), { roomId: 5, person: { id: 3 } });
    await importLines(world, ...all);
    expect(await unread(3)).toEqual([3, 1]);
  });
});
