import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { hearAll, hearRoom } from "../../test/hear.js";
import { until } from "../../test/until.js";
import { createWorld, type World } from "../../test/world.js";
import type { Project, User } from "../directory/directory.js";
import { deleteMessage, sendMessage } from "../messages/message.actions.js";
import { readMessageIds } from "../messages/message.queries.js";
import type { Message } from "../messages/message.js";
import { participantsOf, viewedRoom } from "../rooms/room.queries.js";
import type { Room } from "../rooms/room.js";
import { markRoomRead } from "./receipt.actions.js";

let world: World;
let project: Project;
let john: User;
let jane: User;
let stranger: User;
let room: Room;
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  john = await world.person("john", project);
  jane = await world.person("jane", project);
  stranger = await world.person("stranger", project);
});
beforeEach(async () => {
  room = await world.group(project, john, jane);
});
afterAll(() => world.close());

const send = (user: User, content = "words") => sendMessage(world.as(user), { roomId: room.id, content });
const read = (user: User, message?: Message) =>
  markRoomRead(world.as(user), { roomId: room.id, messageId: message?.id });
const unread = async (user: User) =>
  (await viewedRoom(world.database.fork(), user.id, String(room.id)))?.state.unreadCount;

async function readUpTo(user: User) {
  const participants = await participantsOf(world.database.fork(), [room.id]);
  const own = participants.find((participant) => participant.userId === user.id);
  const [id] = await readMessageIds(world.database.fork(), [{ roomId: room.id, no: own?.readNo ?? 0 }]);
  return { id, at: own?.lastReadAt };
}

describe("unread", () => {
  test("are the others' messages, never one's own", async () => {
    await send(john);
    await send(john);
    expect([await unread(john), await unread(jane)]).toEqual([0, 2]);
  });

  test("is nothing after one has written: who writes has read", async () => {
    await send(john);
    await send(john);
    const own = await send(jane);
    expect(await unread(jane)).toBe(0);
    expect(await readUpTo(jane)).toEqual({ id: own.id, at: own.createdAt });
    await send(john);
    expect(await unread(jane)).toBe(1);
  });

  test("leaves out what was deleted, before and after the read position", async () => {
    const [one, two, three] = [await send(john), await send(john), await send(john)];
    await send(john);
    await deleteMessage(world.as(john), { messageId: three.id });
    expect(await unread(jane)).toBe(3);
    await read(jane, two);
    expect(await unread(jane)).toBe(1);
    await deleteMessage(world.as(john), { messageId: one.id });
    await deleteMessage(world.as(john), { messageId: two.id });
    expect(await unread(jane)).toBe(1);
    expect((await readUpTo(jane)).id).toBeNull();
  });

  test("is what a recount of the messages says, after anything whatever", async () => {
    const sent: Message[] = [];
    for (let step = 0; step < 24; step += 1) {
      if (step % 5 === 4) await read(jane, sent[Math.floor(step / 2)]);
      else if (step % 7 === 6) await send(jane);
      else sent.push(await send(john));
      if (step % 6 === 5)
        await deleteMessage(world.as(john), { messageId: sent.splice(step % sent.length, 1)[0]?.id ?? 0 });
    }
    const participants = await participantsOf(world.database.fork(), [room.id]);
    const readNo = participants.find((participant) => participant.userId === jane.id)?.readNo ?? 0;
    expect(await unread(jane)).toBe(sent.filter((message) => message.no > readNo).length);
  });
});

describe("marking as read", () => {
  test("goes to the newest message, or to the one that is named", async () => {
    const [one, two] = [await send(john), await send(john)];
    await read(jane, one);
    expect([await unread(jane), (await readUpTo(jane)).id]).toEqual([1, one.id]);
    await read(jane);
    expect([await unread(jane), (await readUpTo(jane)).id]).toEqual([0, two.id]);
  });

  test("never goes back, and says nothing when nothing moved", async () => {
    const [one] = [await send(john), await send(john)];
    await read(jane);
    const before = await readUpTo(jane);
    const ear = await hearAll(world, jane);
    await read(jane, one);
    await read(jane);
    expect(await readUpTo(jane)).toEqual(before);
    await send(john);
    await until(() => ear.heard.length > 0);
    expect(ear.heard.map(({ event }) => event.kind)).toEqual(["message_sent"]);
    ear.stop();
  });

  test("needs a room of one's own and a message of that room", async () => {
    const message = await send(john);
    const elsewhere = await world.group(project, john, jane);
    await expect(read(stranger)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(markRoomRead(world.as(jane), { roomId: elsewhere.id, messageId: message.id })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(markRoomRead(world.as(jane), { roomId: room.id, messageId: "0" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("is kept in one's own stream with the counts, and told to the others in passing", async () => {
    const message = await send(john);
    const [own, other] = [await hearAll(world, jane), await hearRoom(world, john, room)];
    await read(jane);
    await until(() => own.heard.length > 0 && other.heard.length > 0);
    const position = { roomId: room.id, userId: jane.id, lastReadMessageId: message.id };
    expect(own.heard).toMatchObject([
      {
        seq: expect.any(Number),
        event: { kind: "read_moved", read: position, unread: { headSeq: 1, unreadCount: 0, unreadMentionCount: 0 } },
      },
    ]);
    expect(other.heard).toMatchObject([{ seq: null, event: { kind: "others_read_moved", read: position } }]);
    own.stop();
    other.stop();
  });

  test("is told to the others at most once a second, and the last one is not lost", async () => {
    const ear = await hearRoom(world, john, room);
    const messages = [await send(john), await send(john), await send(john)];
    for (const message of messages) await read(jane, message);
    const heard = () =>
      ear.heard.flatMap(({ event }) => (event.kind === "others_read_moved" ? [event.read.lastReadMessageId] : []));
    await until(() => heard().length === 1 && ear.heard.length === 4, "the first");
    world.clock.advance(999);
    expect(heard()).toEqual([messages[0]?.id]);
    world.clock.advance(1);
    await until(() => heard().length === 2, "the last");
    expect(heard()).toEqual([messages[0]?.id, messages[2]?.id]);
    ear.stop();
  });
});
