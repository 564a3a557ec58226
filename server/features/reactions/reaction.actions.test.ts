import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createWorld, type World } from "../../test/world.js";
import { query, queryOne, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { deleteMessage, sendMessage } from "../messages/message.actions.js";
import type { Message } from "../messages/message.js";
import type { Room } from "../rooms/room.js";
import { addReaction, removeReaction } from "./reaction.actions.js";
import { countsOn, reactionsOf } from "./reaction.queries.js";

let world: World;
let project: Project;
let john: User;
let jane: User;
let stranger: User;
let room: Room;
let message: Message;
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  john = await world.person("john", project);
  jane = await world.person("jane", project);
  stranger = await world.person("stranger", project);
  room = await world.group(project, john, jane);
});
beforeEach(async () => {
  message = await sendMessage(world.as(john), { roomId: room.id, content: "react to me" });
});
afterAll(() => world.close());

const add = (user: User, emoji: string) => addReaction(world.as(user), { messageId: message.id, emoji });
const remove = (user: User, emoji: string) => removeReaction(world.as(user), { messageId: message.id, emoji });
const counts = () => countsOn(world.database.fork(), message.id);
const head = async () =>
  (
    await queryOne<{ seq: number }>(
      world.database.fork(),
      sql`select last_seq as seq from feed_stream where id = ${`r${room.id}`}`,
    )
  )?.seq;

describe("an emoji", () => {
  test.each(["👍", "❤️", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩🏽‍❤️‍💋‍👨🏿", "🇫🇷", "3️⃣"])("%s is one", async (emoji) => {
    expect((await add(john, emoji)).reaction.emoji).toBe(emoji);
  });

  test.each(["", "a", ":+1:", "👍👍", "👍 ", "3", "🇫", "<script>", "\u0000", "☺"])("%j is none", async (emoji) => {
    await expect(add(john, emoji)).rejects.toMatchObject({ code: "BAD_USER_INPUT", details: { field: "emoji" } });
    await expect(remove(john, emoji)).rejects.toMatchObject({ code: "BAD_USER_INPUT", details: { field: "emoji" } });
  });

  test("the heart of the text keyboard is the heart of the emoji keyboard", async () => {
    await add(john, "❤");
    await add(jane, "❤️");
    expect(await counts()).toEqual([{ emoji: "❤️", count: 2 }]);
    await remove(john, "❤");
    expect(await counts()).toEqual([{ emoji: "❤️", count: 1 }]);
  });
});

describe("a reaction", () => {
  test("given twice, or many times at once, is there once", async () => {
    const first = await add(john, "👍");
    const again = await Promise.all([add(john, "👍"), add(john, "👍"), add(john, "👍")]);
    expect(first.added).toBe(true);
    expect(again).toEqual([first, first, first].map(({ reaction }) => ({ reaction, added: false })));
    expect(await counts()).toEqual([{ emoji: "👍", count: 1 }]);
  });

  test("of each kind may come from each person", async () => {
    await add(john, "👍");
    await add(john, "🎉");
    await add(jane, "👍");
    expect(await counts()).toEqual([
      { emoji: "👍", count: 2 },
      { emoji: "🎉", count: 1 },
    ]);
  });

  test("that is not there can be taken back, without anybody hearing of it", async () => {
    await add(jane, "👍");
    const before = await head();
    expect(await remove(john, "👍")).toEqual({ messageId: message.id, emoji: "👍", removed: false });
    expect(await head()).toBe(before);
    expect(await counts()).toEqual([{ emoji: "👍", count: 1 }]);
  });

  test("goes with its message, and none comes to a deleted one", async () => {
    await add(jane, "👍");
    await deleteMessage(world.as(john), { messageId: message.id });
    expect(await reactionsOf(world.database.fork(), john.id, [message.id])).toEqual({ reactions: [], users: [] });
    await expect(add(jane, "👍")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(remove(jane, "👍")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("comes from participants only", async () => {
    await expect(add(stranger, "👍")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(remove(stranger, "👍")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

test("a message bears 50 different emoji: a 51st is refused, one of the 50 is not", async () => {
  const fifty = Array.from({ length: 50 }, (_each, index) => String.fromCodePoint(0x1f600 + index));
  await query(
    world.database.fork(),
    sql`insert into message_reaction (message_id, user_id, emoji) select ${message.id}, ${john.id}, x.e from jsonb_array_elements_text(${JSON.stringify(fifty)}::text::jsonb) x(e)`,
  );
  await expect(add(john, "👍")).rejects.toMatchObject({ code: "CONFLICT" });
  expect((await add(jane, fifty[7] ?? "")).added).toBe(true);
  await remove(john, fifty[0] ?? "");
  expect((await add(john, "👍")).added).toBe(true);
});
