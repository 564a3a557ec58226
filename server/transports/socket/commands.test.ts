import { beforeEach, describe, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { User } from "../../features/directory/directory.js";
import { sendMessage } from "../../features/messages/message.actions.js";
import type { Message } from "../../features/messages/message.js";
import { addReaction } from "../../features/reactions/reaction.actions.js";
import type { Room } from "../../features/rooms/room.js";
import type { GraphqlWorld } from "../../test/graphql-world.js";
import { pairRooms } from "../../test/pair-room.js";
import { carriedOut, enter, type Dial, type RawLine } from "../../test/raw-socket.js";

let graph: GraphqlWorld;
let john: User;
let jane: User;
let room: Room;
let elsewhere: Room;
let of: RawLine;
let other: RawLine;
pairRooms(async (pair) => {
  ({ graph, john, jane, room } = pair);
  elsewhere = await graph.world.group(pair.project, john, jane);
  [of, other] = [await lineOf(john), await lineOf(jane)];
});

const as = (user: User) => graph.world.as(user);
const lineOf = async (user: User, how: Dial = {}): Promise<RawLine> =>
  enter(graph.server.url, room.id, { token: await graph.server.token(user), ...how });
const say = (user: User, content: string, where = room) => sendMessage(as(user), { roomId: where.id, content });
const contents = (line: RawLine) =>
  line
    .ofType("message_new")
    .map((frame) => z.object({ message: z.object({ content: z.string() }) }).parse(frame).message.content);

test("commands are carried out one at a time, in their order, however many come at once", async () => {
  const COUNT = 200;
  for (let index = 0; index < COUNT; index += 1) of.send({ type: "message_send", content: `${index}` });
  await Promise.all([of, other].map((line) => line.hears("message_new", COUNT)));
  const expected = Array.from({ length: COUNT }, (_, index) => `${index}`);
  expect([contents(of), contents(other)]).toEqual([expected, expected]);
});

describe("a command that fails is answered, and the socket stays open", () => {
  let message: Message;
  let theirs: Message;
  let far: Message;
  beforeEach(async () => {
    [message, theirs, far] = [await say(john, "mine"), await say(jane, "theirs"), await say(john, "far", elsewhere)];
  });

  const DEEP = `${"[".repeat(60_000)}${"]".repeat(60_000)}`;
  const table: readonly (readonly [string, () => object | string, string])[] = [
    ["not JSON", () => "hello", "BAD_USER_INPUT"],
    ["nothing", () => "", "BAD_USER_INPUT"],
    ["a number", () => "7", "BAD_USER_INPUT"],
    ["null", () => "null", "BAD_USER_INPUT"],
    ["a list", () => [], "BAD_USER_INPUT"],
    ["a deep list", () => DEEP, "BAD_USER_INPUT"],
    ["a deep object", () => `${'{"type":'.repeat(14_000)}1${"}".repeat(14_000)}`, "BAD_USER_INPUT"],
    ["no type", () => ({}), "BAD_USER_INPUT"],
    ["an unknown type", () => ({ type: "drop_table" }), "BAD_USER_INPUT"],
    ["a type of every object", () => ({ type: "constructor" }), "BAD_USER_INPUT"],
    ["a type that is no text", () => ({ type: { toString: 1 } }), "BAD_USER_INPUT"],
    ["a polluted prototype", () => '{"__proto__": {"type": "typing", "is_typing": true}}', "BAD_USER_INPUT"],
    ["a send without words", () => ({ type: "message_send" }), "BAD_USER_INPUT"],
    ["a send of nothing", () => ({ type: "message_send", content: " \n\u0000" }), "BAD_USER_INPUT"],
    ["a send of too much", () => ({ type: "message_send", content: "x".repeat(10_001) }), "BAD_USER_INPUT"],
    ["a send of an object", () => ({ type: "message_send", content: { $ne: "" } }), "BAD_USER_INPUT"],
    ["a file without a file", () => ({ type: "message_send", content: "x", message_type: "file" }), "BAD_USER_INPUT"],
    ["an unknown message_type", () => ({ type: "message_send", content: "x", message_type: "a" }), "BAD_USER_INPUT"],
    ["a key that is none", () => ({ type: "message_send", content: "x", client_mutation_id: "1" }), "BAD_USER_INPUT"],
    ["a huge number", () => `{"type": "message_edit", "message_id": 1e308, "content": "x"}`, "NOT_FOUND"],
    ["a part of a number", () => ({ type: "message_delete", message_id: 1.5 }), "BAD_USER_INPUT"],
    ["a number as a form writes it", () => ({ type: "message_delete", message_id: "2147483647" }), "NOT_FOUND"],
    ["infinity", () => `{"type": "message_delete", "message_id": 1e999}`, "BAD_USER_INPUT"],
    ["a text for a number", () => ({ type: "message_delete", message_id: "1; drop" }), "BAD_USER_INPUT"],
    ["a number of no message", () => ({ type: "message_edit", message_id: 2_147_483_647, content: "x" }), "NOT_FOUND"],
    ["a number too large for one", () => ({ type: "message_delete", message_id: 2 ** 52 }), "NOT_FOUND"],
    ["a number below one", () => ({ type: "message_delete", message_id: -1 }), "NOT_FOUND"],
    ["an edit of another's", () => ({ type: "message_edit", message_id: theirs.id, content: "x" }), "FORBIDDEN"],
    ["a deletion of another's", () => ({ type: "message_delete", message_id: theirs.id }), "FORBIDDEN"],
    ["an edit in another room", () => ({ type: "message_edit", message_id: far.id, content: "x" }), "NOT_FOUND"],
    ["a deletion in another room", () => ({ type: "message_delete", message_id: far.id }), "NOT_FOUND"],
    ["a reaction in another room", () => ({ type: "reaction_add", message_id: far.id, emoji: "👍" }), "NOT_FOUND"],
    ["its end in another room", () => ({ type: "reaction_remove", message_id: far.id, emoji: "👍" }), "NOT_FOUND"],
    ["a reaction of words", () => ({ type: "reaction_add", message_id: message.id, emoji: "ok" }), "BAD_USER_INPUT"],
    ["a reaction of none", () => ({ type: "reaction_remove", message_id: message.id }), "BAD_USER_INPUT"],
    ["typing that is maybe", () => ({ type: "typing", is_typing: "yes" }), "BAD_USER_INPUT"],
  ];

  test.each(table)("%s", async (_what, frame, code) => {
    of.send(frame());
    expect(await of.hears("error")).toMatchObject({ type: "error", code, detail: expect.stringMatching(/\S/) });
    of.send({ type: "message_send", content: "still here" });
    await other.hears("message_new", 3);
    expect(contents(other)).toEqual(["mine", "theirs", "still here"]);
  });

  test("with the key that it had", async () => {
    const key = randomUUID();
    of.send({ type: "message_delete", message_id: theirs.id, client_mutation_id: key.toUpperCase() });
    of.send({ type: "message_delete", client_mutation_id: "not a UUID" });
    await of.hears("error", 2);
    expect(of.ofType("error").map(({ client_mutation_id }) => client_mutation_id)).toEqual([key, "not a uuid"]);
  });
});

describe("a frame that can't be a command ends the socket", () => {
  test("with 1003 when it is binary", async () => {
    of.socket.send(Buffer.from("{}"));
    expect(await of.ended()).toBe(1003);
  });

  test("with 1009 when it is larger than 128 KiB; one of that size is read", async () => {
    of.send("x".repeat(128 * 1024));
    await of.hears("error");
    of.send("x".repeat(128 * 1024 + 1));
    expect(await of.ended()).toBe(1009);
  });

  test("which leaves the longest message of the widest signs its place", async () => {
    const content = "\u{1f600}".repeat(10_000);
    const escaped = [...content].map((sign) =>
      sign
        .split("")
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16)}`)
        .join(""),
    );
    of.send(`{"type":"message_send","content":"${escaped.join("")}"}`);
    await other.hears("message_new");
    expect(contents(other)).toEqual([content]);
  });
});

describe("client_mutation_id", () => {
  const keyOf = ({ client_mutation_id: key }: Readonly<Record<string, unknown>>) => key;

  test("comes back with each frame that follows, to the sockets of its author alone", async () => {
    const second = await lineOf(john);
    const message = await say(john, "Hello!");
    const [edit, add, remove, drop] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const message_id = message.id;
    of.send({ type: "message_edit", message_id, content: "x", client_mutation_id: edit });
    of.send({ type: "reaction_add", message_id, emoji: "👍", client_mutation_id: add });
    of.send({ type: "reaction_remove", message_id, emoji: "👍", client_mutation_id: remove });
    of.send({ type: "message_delete", message_id, client_mutation_id: drop });
    const types = ["message_edited", "reaction_added", "reaction_removed", "message_deleted"];
    for (const line of [of, second]) {
      for (const type of types) await line.hears(type);
      expect(types.map((type) => line.ofType(type).map(keyOf))).toEqual([[edit], [add], [remove], [drop]]);
    }
    for (const type of types) await other.hears(type);
    expect(JSON.stringify(other.frames)).not.toContain("client_mutation_id");
  });

  test("comes back to who resumes, too", async () => {
    const key = randomUUID();
    const begin = await lineOf(john, { query: "?after=" });
    const { epoch, seq } = await begin.hears("ready");
    of.send({ type: "message_send", content: "one", client_mutation_id: key });
    await of.hears("message_new");
    const line = await lineOf(john, { query: `?after=${String(seq)}&epoch=${String(epoch)}` });
    expect(keyOf(await line.hears("message_new"))).toBe(key);
  });

  test("makes a send that is sent again one message; only who asked is answered, with the message as it now is", async () => {
    const send = { type: "message_send", content: "once", client_mutation_id: randomUUID() };
    of.send(send);
    const first = await of.hears("message_new");
    const { id } = z.object({ message: z.object({ id: z.int() }) }).parse(first).message;
    await addReaction(as(jane), { messageId: id, emoji: "👍" });
    const later = await lineOf(john, { query: "?after=" });
    later.send(send);
    expect(await later.hears("message_new")).toMatchObject({
      client_mutation_id: send.client_mutation_id,
      message: { id, content: "once", reactions: [{ emoji: "👍", user: { id: jane.id } }] },
    });
    await Promise.all([of, other].map(carriedOut));
    expect([contents(of), contents(other)]).toEqual([["once"], ["once"]]);
    // It is an answer, and no event: it moves nobody's resume point.
    expect(later.ofType("message_new").some((frame) => "seq" in frame)).toBe(false);
  });

  test("that was used for something else is refused", async () => {
    const key = randomUUID();
    of.send({ type: "message_send", content: "one", client_mutation_id: key });
    of.send({ type: "message_send", content: "two", client_mutation_id: key });
    expect(await of.hears("error")).toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED", client_mutation_id: key });
  });

  test("of a reaction that is there already, or there no more, is answered with what is", async () => {
    const message = await say(john, "Hello!");
    await addReaction(as(john), { messageId: message.id, emoji: "👍" });
    await of.hears("reaction_added");
    const [add, remove] = [randomUUID(), randomUUID()];
    of.send({ type: "reaction_add", message_id: message.id, emoji: "👍", client_mutation_id: add });
    of.send({ type: "reaction_remove", message_id: message.id, emoji: "🎉", client_mutation_id: remove });
    expect(await of.hears("reaction_added", 2)).toMatchObject({ message_id: message.id, client_mutation_id: add });
    expect(await of.hears("reaction_removed")).toEqual({
      type: "reaction_removed",
      message_id: message.id,
      user_id: john.id,
      emoji: "🎉",
      client_mutation_id: remove,
    });
    await carriedOut(other);
    expect([other.ofType("reaction_added").length, other.ofType("reaction_removed").length]).toEqual([1, 0]);
  });
});
