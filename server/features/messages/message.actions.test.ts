import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createWorld, type World } from "../../test/world.js";
import { query, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { roomStream } from "../feed/stream.js";
import { removeParticipant } from "../rooms/participant.actions.js";
import { viewedRoom } from "../rooms/room.queries.js";
import type { Room } from "../rooms/room.js";
import { deleteMessage, editMessage, sendMessage } from "./message.actions.js";
import { historiesOf, messagesByIds } from "./message.queries.js";

let world: World;
let project: Project;
let john: User;
let jane: User;
let bob: User;
let room: Room;
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  john = await world.person("john", project);
  jane = await world.person("jane", project);
  bob = await world.person("bob", project);
  room = await world.group(project, john, jane);
});
afterAll(() => world.close());

const send = (user: User, content: string, clientMutationId?: string) =>
  sendMessage(world.as(user), { roomId: room.id, content, clientMutationId });
const log = () =>
  query<{ seq: number; kind: string; payload: unknown }>(
    world.database.fork(),
    sql`select seq, kind, payload from feed_entry where stream = ${roomStream(room.id)} order by seq`,
  );

describe("what may be written", () => {
  test("messages of a room are numbered 1, 2, 3 and their times rise with it", async () => {
    const fresh = await world.group(project, john);
    const first = await sendMessage(world.as(john), { roomId: fresh.id, content: "one" });
    const second = await sendMessage(world.as(john), { roomId: fresh.id, content: "two" });
    expect([first.no, second.no]).toEqual([1, 2]);
    expect(second.createdAt >= first.createdAt).toBe(true);
  });

  test("10,000 characters are a message, one more is not: counted as people count, not as UTF-16 does", async () => {
    const longest = "👍".repeat(10_000);
    expect((await send(john, longest)).content).toBe(longest);
    await expect(send(john, `${longest}x`)).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      details: { field: "content" },
    });
  });

  test.each([
    ["NUL", "a\u0000b", "ab"],
    ["control characters", "a\u0007\u001b\u007f\u0085b", "ab"],
    ["Windows line ends", "a\r\nb\rc", "a\nb\nc"],
    ["a lone surrogate", "a\ud83db", "a\ufffdb"],
  ])("%s are put right before they are stored", async (_what, typed, stored) => {
    const message = await send(john, typed);
    const [read] = await messagesByIds(world.database.fork(), [message.id]);
    expect([message.content, read?.content]).toEqual([stored, stored]);
  });

  test("newlines, tabs, spaces at the ends and markup are kept as typed", async () => {
    const typed = '  \t<b onclick="x()">&amp;</b>\n\n \' \\ ';
    const message = await send(john, typed);
    expect((await messagesByIds(world.database.fork(), [message.id]))[0]?.content).toBe(typed);
  });

  test.each(["", "  \n\t ", "\u0000"])("nothing to read (%j) is no message", async (content) => {
    await expect(send(john, content)).rejects.toMatchObject({ code: "BAD_USER_INPUT", details: { field: "content" } });
  });

  test("a picture without a picture is refused", async () => {
    await expect(sendMessage(world.as(john), { roomId: room.id, content: "x", type: "image" })).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      details: { field: "type" },
    });
  });

  test.each(["0", "-1", "1e3", " 1", "999999999", "99999999999999999999", "abc", "1; drop table chat_room", "\u0000"])(
    "a room that never was (%j) can't be written into",
    async (roomId) => {
      await expect(sendMessage(world.as(john), { roomId, content: "x" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    },
  );

  test("who is not in the room can't write into it, as if it were not there", async () => {
    await expect(send(bob, "hello")).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: "This room does not exist, or you have no access to it.",
    });
  });
});

describe("editing", () => {
  test("the author changes the words; the message says so and keeps its place", async () => {
    const message = await send(john, "helo");
    const edited = await editMessage(world.as(john), { messageId: message.id, content: "hello" });
    expect(edited).toMatchObject({ id: message.id, no: message.no, content: "hello", createdAt: message.createdAt });
    expect(edited.editedAt).not.toBeNull();
    expect(message.editedAt).toBeNull();
  });

  test("another participant may not, and hears so; a stranger hears that there is no such message", async () => {
    const message = await send(john, "mine");
    await expect(editMessage(world.as(jane), { messageId: message.id, content: "yours" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await expect(editMessage(world.as(bob), { messageId: message.id, content: "yours" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("the rules for words are those of sending", async () => {
    const message = await send(john, "words");
    await expect(editMessage(world.as(john), { messageId: message.id, content: " " })).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      details: { field: "content" },
    });
    expect((await editMessage(world.as(john), { messageId: message.id, content: "a\u0000b" })).content).toBe("ab");
  });

  test("it does not move the room in the list of rooms", async () => {
    const message = await send(john, "words");
    const before = await viewedRoom(world.database.fork(), john.id, String(room.id));
    await editMessage(world.as(john), { messageId: message.id, content: "other words" });
    await deleteMessage(world.as(john), { messageId: message.id });
    expect((await viewedRoom(world.database.fork(), john.id, String(room.id)))?.updatedAt).toBe(before?.updatedAt);
  });
});

describe("deleting", () => {
  test("the message is in no list any more, its number is not given again, and its place stays in the log", async () => {
    const message = await send(john, "gone soon");
    const before = (await log()).length;
    await deleteMessage(world.as(john), { messageId: message.id });
    const next = await send(john, "next");
    expect(next.no).toBe(message.no + 1);
    const { histories } = await historiesOf(
      world.database.fork(),
      { viewerId: john.id, roomIds: [room.id] },
      { limit: 100, from: "newest" },
    );
    expect(histories[0]?.map((each) => each.id)).not.toContain(message.id);
    expect((await log()).length).toBe(before + 2);
  });

  test("its words are nowhere in the database: not in the message, not in the log, not from before an edit", async () => {
    const message = await send(john, "first secret @jane");
    await editMessage(world.as(john), { messageId: message.id, content: "second secret @jane" });
    await deleteMessage(world.as(john), { messageId: message.id });
    const [row] = await messagesByIds(world.database.fork(), [message.id]);
    expect(row).toMatchObject({ content: "", isDeleted: true, mentionIds: [] });
    const entries = await log();
    expect(JSON.stringify(entries)).not.toContain("secret");
    expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_entry, index) => index + 1));
  });

  test("only its author may, and only once", async () => {
    const message = await send(john, "mine");
    await expect(deleteMessage(world.as(jane), { messageId: message.id })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await deleteMessage(world.as(john), { messageId: message.id });
    await expect(deleteMessage(world.as(john), { messageId: message.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(editMessage(world.as(john), { messageId: message.id, content: "back" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("an author who is no longer in the room can neither edit nor delete", async () => {
    const group = await world.group(project, john, jane);
    const message = await sendMessage(world.as(jane), { roomId: group.id, content: "hers" });
    await removeParticipant(world.as(john), { roomId: group.id, person: { id: jane.id } });
    await expect(editMessage(world.as(jane), { messageId: message.id, content: "x" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(deleteMessage(world.as(jane), { messageId: message.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("a retried send", () => {
  test("with the same key is the same message, told once", async () => {
    const key = randomUUID();
    const first = await send(john, "once", key);
    const before = (await log()).length;
    expect(await send(john, "once", key.toUpperCase())).toEqual(first);
    expect((await log()).length).toBe(before);
  });

  test("sent many times at once is one message", async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(john, "at once", key)));
    expect(new Set(answers.map((message) => message.id)).size).toBe(1);
  });

  test("after an edit returns the message as it now is", async () => {
    const key = randomUUID();
    const message = await send(john, "befor", key);
    await editMessage(world.as(john), { messageId: message.id, content: "before" });
    expect(await send(john, "befor", key)).toMatchObject({ id: message.id, content: "before" });
    await expect(send(john, "before", key)).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
  });

  test("after its deletion does not bring it back", async () => {
    const key = randomUUID();
    const message = await send(john, "regretted", key);
    await deleteMessage(world.as(john), { messageId: message.id });
    await expect(send(john, "regretted", key)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("with other words or into another room is refused, and sends nothing", async () => {
    const key = randomUUID();
    const other = await world.group(project, john);
    await send(john, "these words", key);
    await expect(send(john, "other words", key)).rejects.toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
      details: { field: "clientMutationId" },
    });
    await expect(
      sendMessage(world.as(john), { roomId: other.id, content: "these words", clientMutationId: key }),
    ).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
    const view = { viewerId: john.id, roomIds: [other.id] };
    const { histories } = await historiesOf(world.database.fork(), view, { limit: 10, from: "newest" });
    expect(histories).toEqual([[]]);
  });

  test("is a matter of one person: somebody else's equal key is another message", async () => {
    const key = randomUUID();
    const [his, hers] = [await send(john, "hello", key), await send(jane, "hello", key)];
    expect(his.id).not.toBe(hers.id);
  });

  test("needs a UUID for a key", async () => {
    await expect(send(john, "hello", "not a uuid")).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      details: { field: "clientMutationId" },
    });
  });

  test("by somebody who has left the room in the meantime is refused", async () => {
    const key = randomUUID();
    const group = await world.group(project, john, jane);
    await sendMessage(world.as(jane), { roomId: group.id, content: "bye", clientMutationId: key });
    await removeParticipant(world.as(john), { roomId: group.id, person: { id: jane.id } });
    await expect(
      sendMessage(world.as(jane), { roomId: group.id, content: "bye", clientMutationId: key }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("mentions", () => {
  const mentionsOf = async (content: string) => (await send(john, content)).mentionIds;

  test("are the participants named by @username, in any case, at the end of a sentence too", async () => {
    expect(await mentionsOf("Ask @Jane. Or @john, @JANE!")).toEqual([john.id, jane.id]);
  });

  test.each(["mail jane@jane.example", "@jan", "@janet", "@bob", "@@jane", "jane"])(
    "are not found in %j",
    async (content) => {
      expect(await mentionsOf(content)).toEqual([]);
    },
  );

  test("may have dots and dashes in them", async () => {
    const dotted = await world.person("mary-ann.lee", project);
    const group = await world.group(project, john, dotted);
    const message = await sendMessage(world.as(john), { roomId: group.id, content: "Hi @mary-ann.lee." });
    expect(message.mentionIds).toEqual([dotted.id]);
  });

  test("are found anew by an edit", async () => {
    const message = await send(jane, "@john");
    const edited = await editMessage(world.as(jane), { messageId: message.id, content: "@jane" });
    expect(edited.mentionIds).toEqual([jane.id]);
    expect((await messagesByIds(world.database.fork(), [message.id]))[0]?.mentionIds).toEqual([jane.id]);
  });

  test("count as unread until they are read, edited away or deleted", async () => {
    const group = await world.group(project, john, jane);
    const count = async () =>
      (await viewedRoom(world.database.fork(), jane.id, String(group.id)))?.state.unreadMentionCount;
    const write = (content: string) => sendMessage(world.as(john), { roomId: group.id, content });
    const [first, second, third] = [await write("@jane 1"), await write("@jane 2"), await write("plain")];
    expect(await count()).toBe(2);
    await editMessage(world.as(john), { messageId: first.id, content: "nobody" });
    expect(await count()).toBe(1);
    await editMessage(world.as(john), { messageId: third.id, content: "@jane after all" });
    expect(await count()).toBe(2);
    await deleteMessage(world.as(john), { messageId: second.id });
    expect(await count()).toBe(1);
  });
});
