import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Project, User } from "../features/directory/directory.js";
import { recognise } from "../features/directory/directory.actions.js";
import { deleteMessage, editMessage, sendMessage } from "../features/messages/message.actions.js";
import type { Room } from "../features/rooms/room.js";
import { searchMessages } from "../features/search/search.actions.js";
import { query, queryOne, sql } from "../platform/sql.js";
import { importLines } from "./importing.js";
import type { World } from "./world.js";

let world: World;
let project: Project;
let john: User;
let jane: User;

/** Something that is said: by whom, in which of the rooms, with what, and whether it is there still. */
const said = fc.record({
  by: fc.constantFrom("john", "jane"),
  room: fc.integer({ min: 0, max: 2 }),
  type: fc.constantFrom("text", "text", "file", "image"),
  content: fc.constantFrom("plain", "see https://example.org", "HTTP://LOUD", "http:// nowhere"),
  day: fc.constantFrom(0, 0, 1),
  isDeleted: fc.constantFrom(false, false, false, true),
});
type Said = ReturnType<typeof said.generate>["value"];

const hasLink = ({ content }: Said) => /https?:\/\/\S/i.test(content);
const filters: readonly (readonly [string, (message: Said & { at: number }) => boolean])[] = [
  ["has:link", hasLink],
  ["has:file", ({ type }) => type !== "text"],
  ["has:image", ({ type }) => type === "image"],
  ["from:john", ({ by }) => by === "john"],
  ["from:me", ({ by }) => by === "jane"],
  ["after:2025-03-05", ({ at }) => at >= Date.UTC(2025, 2, 5)],
  ["before:2025-03-07", ({ at }) => at < Date.UTC(2025, 2, 7)],
];

/** That filters alone find what they say, in order and page by page: the same on both databases. */
export function searchFilters(open: () => Promise<World>): void {
  beforeAll(async () => {
    world = await open();
    project = await world.project("apollo");
    john = await world.person("john", project);
    jane = await world.person("jane", project);
  });
  afterAll(() => world.close());

  /** Everything that was said, in three rooms of Jane's and a fourth that is not hers, a day or none after the one before. */
  async function tell(
    messages: readonly Said[],
  ): Promise<readonly { readonly id: number; readonly it: Said & { at: number } }[]> {
    const rooms: Room[] = [];
    for (let index = 0; index < 3; index += 1) rooms.push(await world.group(project, john, jane));
    const elsewhere = await world.group(project, john);
    let at = Date.UTC(2025, 2, 1);
    const told: { id: number; it: Said & { at: number } }[] = [];
    for (const it of messages) {
      const roomId = rooms[it.room]?.id ?? 0;
      at += it.day * 86_400_000;
      const { id } = await sendMessage(world.as(it.by === "john" ? john : jane), { roomId, content: it.content });
      await sendMessage(world.as(john), { roomId: elsewhere.id, content: it.content });
      const stamp = new Date((at += 1)).toISOString();
      await query(
        world.database.fork(),
        sql`update chat_message set type = ${it.type}, created_at = ${stamp}::timestamptz where id = ${id}`,
      );
      if (it.isDeleted) await deleteMessage(world.as(it.by === "john" ? john : jane), { messageId: id });
      else told.push({ id, it: { ...it, at } });
    }
    return told;
  }

  async function pages(typed: string, first: number, viewer = jane): Promise<readonly number[]> {
    const ids: number[] = [];
    let after: string | null = null;
    do {
      const page = await searchMessages(world.as(viewer), { query: typed, first, after });
      ids.push(...page.nodes.map(({ id }) => id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    return ids;
  }

  test("any of them together find precisely what a look at every message finds, the newest first, in pages of any size", async () => {
    const property = fc.asyncProperty(
      fc.array(said, { minLength: 1, maxLength: 14 }),
      fc.uniqueArray(fc.constantFrom(...filters), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 4 }),
      async (messages, chosen, first) => {
        await query(world.database.fork(), sql`delete from chat_room`);
        const told = await tell(messages);
        const typed = chosen.map(([filter]) => filter);
        // The same filter twice would take either person.
        fc.pre(!(typed.includes("from:john") && typed.includes("from:me")));
        const expected = told.filter(({ it }) => chosen.every(([, passes]) => passes(it))).map(({ id }) => id);
        expect(await pages(typed.join(" "), first)).toEqual(expected.toReversed());
      },
    );
    await fc.assert(property, { numRuns: 40, endOnFailure: true });
  });

  /** Mia of another project, with a room that has these messages: numbers and times as they were elsewhere. */
  async function bring(room: number, messages: readonly (readonly [id: number, createdAt: string])[]): Promise<User> {
    const mia = { kind: "user", id: 901, host_id: "mia", username: "mia", display_name: "Mia" };
    const moon = { kind: "project", id: 901, name: "Moon", members: [901] };
    const old = {
      kind: "room",
      id: room,
      type: "group",
      name: `Old ${room}`,
      project: 901,
      created_by: 901,
      participants: [901],
    };
    const said = messages.map(([id, created_at]) => {
      return { kind: "message", id, room, user: 901, content: "plain", created_at };
    });
    await importLines(world, mia, moon, old, ...said);
    return (await recognise(world.database.fork(), { hostId: "mia" }, 0)).user;
  }

  test("messages of the same moment are all found, whichever was stored last", async () => {
    const at = "2025-03-05T00:00:00Z";
    const mia = await bring(
      90_000,
      [90_001, 90_002, 90_003, 90_004].map((id) => [id, at]),
    );
    await editMessage(world.as(mia), { messageId: 90_001, content: "edited" });
    const expected = [90_004, 90_003, 90_002, 90_001];
    expect(await pages("in:#90000 after:2025-03-05", 3, mia)).toEqual(expected);
    expect(await pages("in:#90000 before:2025-03-06", 3, mia)).toEqual(expected);
  });

  test("messages are found by their time where their numbers were not given in that order", async () => {
    const mia = await bring(91_000, [
      [91_003, "2025-03-03T00:00:00Z"],
      [91_004, "2025-03-05T00:00:00Z"],
      [91_001, "2025-03-06T00:00:00Z"],
      [91_002, "2025-03-07T00:00:00Z"],
    ]);
    expect(await pages("in:#91000 after:2025-03-05", 2, mia)).toEqual([91_004, 91_002, 91_001]);
    expect(await pages("in:#91000 before:2025-03-07", 2, mia)).toEqual([91_004, 91_003, 91_001]);
    expect(await pages("in:#91000 from:mia after:2025-03-05 before:2025-03-07", 1, mia)).toEqual([91_004, 91_001]);
  });

  test("so they are where a later import brought lower numbers into a room", async () => {
    await bring(92_000, [[92_005, "2025-03-03T00:00:00Z"]]);
    const mia = await bring(92_000, [[92_001, "2025-03-06T00:00:00Z"]]);
    expect(await pages("in:#92000 after:2025-03-03", 5, mia)).toEqual([92_005, 92_001]);
    expect(await pages("in:#92000 before:2025-03-07", 5, mia)).toEqual([92_005, 92_001]);
  });

  test("ten thousand emoji become as many words as there are different ones, and are found by each", async () => {
    const room = await world.group(project, john, jane);
    const kinds = Array.from({ length: 50 }, (_, index) => String.fromCodePoint(0x1f400 + index));
    const { id } = await sendMessage(world.as(john), { roomId: room.id, content: kinds.join("").repeat(200) });
    const row = await queryOne<{ lexemes: number; bytes: number }>(
      world.database.fork(),
      sql`select length(search) as lexemes, length(search::text) as bytes from chat_message where id = ${id}`,
    );
    expect(row?.lexemes).toBe(50);
    expect(row?.bytes).toBeLessThan(60_000);
    for (const kind of [kinds[0], kinds[49]]) {
      const { nodes } = await searchMessages(world.as(jane), { query: kind ?? "", roomId: room.id });
      expect(nodes.map((message) => message.id)).toEqual([id]);
    }
  });
}
