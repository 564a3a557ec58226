import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import type { Project, User } from "../features/directory/directory.js";
import { deleteMessage, editMessage, sendMessage } from "../features/messages/message.actions.js";
import type { Message } from "../features/messages/message.js";
import { removeParticipant } from "../features/rooms/participant.actions.js";
import { createRoom } from "../features/rooms/room.actions.js";
import type { Room } from "../features/rooms/room.js";
import { searchMessages, type SearchMessages } from "../features/search/search.actions.js";
import { query, sql } from "../platform/sql.js";
import { found, notFound, strange } from "./search-examples.js";
import { asksFor, looseText, looseTerm } from "./search-oracle.js";
import type { World } from "./world.js";

let world: World;
let project: Project;
let john: User;
let jane: User;

/** A room of John's and Jane's with these messages of John's, in order. */
async function roomWith(...contents: readonly string[]): Promise<Room> {
  const room = await world.group(project, john, jane);
  for (const content of contents) await say(john, room, content);
  return room;
}

const say = (user: User, room: Room, content: string): Promise<Message> =>
  sendMessage(world.as(user), { roomId: room.id, content });

/** What Jane finds, best match first. */
async function search(typed: string, rest: Omit<SearchMessages, "query"> = {}): Promise<readonly string[]> {
  const { nodes } = await searchMessages(world.as(jane), { query: typed, ...rest });
  return nodes.map(({ content }) => content);
}

const finds = async (content: string, typed: string): Promise<boolean> =>
  (await search(typed, { roomId: (await roomWith(content)).id })).includes(content);

/** All pages of this size put together. */
async function pages(typed: string, room: Room, first: number): Promise<readonly Message[]> {
  const all: Message[] = [];
  let after: string | null = null;
  do {
    const page = await searchMessages(world.as(jane), { query: typed, roomId: room.id, first, after });
    all.push(...page.nodes);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return all;
}

/** What search finds: the same on both databases. */
export function searchCorpus(open: () => Promise<World>): void {
  jest.setTimeout(120_000);
  beforeAll(async () => {
    world = await open();
    project = await world.project("apollo");
    john = await world.person("john", project);
    jane = await world.person("jane", project);
  });
  afterAll(() => world.close());

  describe("finds", () => {
    test.each(found)("%s", async (_what, content, typed) => {
      expect(await finds(content, typed)).toBe(true);
    });
  });

  describe("does not find", () => {
    test.each(notFound)("%s", async (_what, content, typed) => {
      expect(await finds(content, typed)).toBe(false);
    });
  });

  test("puts whole words before beginnings before parts, and of each the newest first", async () => {
    const room = await roomWith("an island", "landing", "my land", "mainland", "lands", "land ho");
    expect(await search("land", { roomId: room.id })).toEqual([
      "land ho",
      "my land",
      "lands",
      "landing",
      "mainland",
      "an island",
    ]);
  });

  test("pages without losing or doubling any, while more is written", async () => {
    const room = await roomWith("land 1", "island 1", "landing 1", "land 2", "island 2", "landing 2", "land 3");
    const first = await searchMessages(world.as(jane), { query: "land", roomId: room.id, first: 2 });
    await say(john, room, "land 4");
    await say(john, room, "landing 3");
    const rest: string[] = [];
    let { pageInfo } = first;
    while (pageInfo.hasNextPage) {
      const page = await searchMessages(world.as(jane), {
        query: "land",
        roomId: room.id,
        first: 2,
        after: pageInfo.endCursor,
      });
      rest.push(...page.nodes.map(({ content }) => content));
      ({ pageInfo } = page);
    }
    const old = [...first.nodes.map(({ content }) => content), ...rest].filter((content) => content !== "landing 3");
    expect(old).toEqual(["land 3", "land 2", "land 1", "landing 2", "landing 1", "island 2", "island 1"]);
  });

  test("reaches beyond the newest messages", async () => {
    const room = await roomWith("an old zebra", "zebras of old");
    await query(
      world.database.fork(),
      sql`insert into chat_message (room_id, user_id, no, content, created_at, updated_at)
          select ${room.id}, ${john.id}, 100 + n, 'filler', now(), now() from generate_series(1, 5100) n`,
    );
    await say(john, await roomWith(), "x");
    expect(await search("zebra", { roomId: room.id })).toEqual(["an old zebra", "zebras of old"]);
    expect((await pages("zebra", room, 1)).map(({ content }) => content)).toEqual(["an old zebra", "zebras of old"]);
  });

  test("finds what is said everywhere, the newest and what is beyond, in one's own rooms alone", async () => {
    const room = await roomWith("an old wombat");
    const others = await world.group(project, john);
    await query(
      world.database.fork(),
      sql`insert into chat_message (room_id, user_id, no, content, created_at, updated_at)
          select ${others.id}::int, ${john.id}::int, 100 + n, 'wombat', now(), now() from generate_series(1, 21000) n
          union all select ${room.id}::int, ${john.id}::int, 100 + n, 'filler', now(), now() from generate_series(1, 5100) n
          union all select ${room.id}::int, ${john.id}::int, 5201, 'a new wombat', now(), now()`,
    );
    await query(world.database.fork(), sql`analyze chat_message`);
    expect(await search("wombat")).toEqual(["a new wombat", "an old wombat"]);
    expect((await pages("wombat", room, 1)).map(({ content }) => content)).toEqual(["a new wombat", "an old wombat"]);
  });

  describe("a message", () => {
    test("that was edited is found by its new words alone", async () => {
      const room = await roomWith();
      const message = await say(john, room, "giraffe");
      await editMessage(world.as(john), { messageId: message.id, content: "elephant" });
      expect(await search("giraffe", { roomId: room.id })).toEqual([]);
      expect(await search("elephant", { roomId: room.id })).toEqual(["elephant"]);
    });

    test("that was deleted is not found, by its words or by a filter", async () => {
      const room = await roomWith();
      const message = await say(john, room, "giraffe");
      await deleteMessage(world.as(john), { messageId: message.id });
      expect(await search("giraffe", { roomId: room.id })).toEqual([]);
      expect(await search("from:john", { roomId: room.id })).toEqual([]);
    });

    test("in a room that one has left or never was in is not found", async () => {
      const left = await roomWith("okapi here");
      await say(john, await world.group(project, john), "okapi there");
      expect(await search("okapi")).toEqual(["okapi here"]);
      await removeParticipant(world.as(john), { roomId: left.id, person: { id: jane.id } });
      expect(await search("okapi")).toEqual([]);
      expect(await search(`okapi in:#${left.id}`)).toEqual([]);
      await expect(search("okapi", { roomId: left.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    });
  });

  describe("filters", () => {
    let rooms: { readonly ada: User; readonly direct: Room };

    beforeAll(async () => {
      const ada = await world.person("ada", project);
      await query(world.database.fork(), sql`update chat_user set display_name = 'Ada Lovelace' where id = ${ada.id}`);
      const named = async (name: string) =>
        (
          await createRoom(world.as(john), {
            type: "group",
            name,
            project: { id: project.id },
            participants: [{ id: jane.id }, { id: ada.id }],
          })
        ).room;
      const design = await named("Designs & Ideas");
      const ops = await named("ops");
      const { room: direct } = await createRoom(world.as(jane), {
        type: "direct",
        name: "",
        project: { id: project.id },
        participants: [{ id: ada.id }],
      });
      await say(ada, design, "gnu in the design");
      await say(john, ops, "gnu in ops, see https://example.org");
      await say(jane, ops, "gnu of mine");
      await say(ada, direct, "gnu between us");
      await query(
        world.database.fork(),
        sql`update chat_message set type = case content when 'gnu in the design' then 'image' else 'file' end
            where content in ('gnu in the design', 'gnu between us')`,
      );
      await query(
        world.database.fork(),
        sql`update chat_message set created_at = '2025-11-06T15:30:00Z' where content = 'gnu of mine'`,
      );
      rooms = { ada, direct };
    });

    const [design, ops, mine, direct] = [
      "gnu in the design",
      "gnu in ops, see https://example.org",
      "gnu of mine",
      "gnu between us",
    ];

    test.each([
      ["from:ada", [direct, design]],
      ["from:@Ada", [direct, design]],
      ['from:"ada lovelace"', [direct, design]],
      ["from:me", [mine]],
      ["from:ada from:jane", [direct, mine, design]],
      ["from:nobody", []],
      ["in:ops", [mine, ops]],
      ["in:#OPS", [mine, ops]],
      ['in:"designs & ideas"', [design]],
      ["in:@ada", [direct]],
      ['in:"Ada Lovelace"', [direct]],
      ["in:ops in:@ada", [direct, mine, ops]],
      ["in:nowhere", []],
      ["has:file", [direct, design]],
      ["has:image", [design]],
      ["has:link", [ops]],
      ["has:link has:file", []],
      ["before:2025-11-07", [mine]],
      ["before:2025-11-06", []],
      ["after:2025-11-06 before:2025-11-07", [mine]],
      ["after:2025-11-06T15:30Z before:2025-11-06T15:31Z", [mine]],
      ["before:2025-11-06T15:30:00Z", []],
      ["after:2025-11-06T16:30:00+01:00 before:2026-01-01", [mine]],
      ["after:2025-11-07", [direct, ops, design]],
      ["FROM:ada IN:@ada HAS:file AFTER:2020-01-01", [direct]],
    ])("%s", async (filter, expected) => {
      expect(await search(`gnu ${filter}`)).toEqual(expected);
    });

    test("are enough without a word", async () => {
      expect(await search("from:ada has:image")).toEqual([design]);
      expect(await search("in:@ada")).toEqual([direct]);
    });

    test("name a room by its number", async () => {
      expect(await search(`in:#${rooms.direct.id}`)).toEqual([direct]);
    });

    test("go together with a room or a project", async () => {
      expect(await search("gnu from:ada", { roomId: rooms.direct.id })).toEqual([direct]);
      expect(await search("gnu from:ada", { project: { id: project.id } })).toEqual([direct, design]);
      const beta = await world.project(`beta ${rooms.direct.id}`);
      await expect(search("gnu", { project: { id: beta.id } })).rejects.toMatchObject({ code: "NOT_FOUND" });
    });
  });

  test.each(strange)("answers %j or says what is wrong with it", async (typed) => {
    const answer = await search(typed).then(
      () => "an answer",
      (error: unknown) => (error instanceof Error && "code" in error ? error.code : String(error)),
    );
    expect(["an answer", "BAD_USER_INPUT"]).toContain(answer);
  });

  test("whatever is written, finds precisely what a look at every message finds, in pages of any size", async () => {
    const property = fc.asyncProperty(
      fc.array(looseText, { minLength: 1, maxLength: 12 }),
      fc.array(looseTerm, { minLength: 1, maxLength: 2 }),
      fc.integer({ min: 1, max: 5 }),
      async (contents, terms, first) => {
        const room = await roomWith(...contents);
        const messages = await pages(terms.join(" "), room, first);
        expect(messages.map(({ content }) => content).toSorted()).toEqual(
          contents.filter((content) => terms.every((term) => asksFor(term).test(content))).toSorted(),
        );
        expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
      },
    );
    await fc.assert(property, { numRuns: 60, endOnFailure: true });
  });
}
