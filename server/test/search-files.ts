import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Project, User } from "../features/directory/directory.js";
import { deleteMessage, editMessage, sendMessage } from "../features/messages/message.actions.js";
import type { Message } from "../features/messages/message.js";
import { removeParticipant } from "../features/rooms/participant.actions.js";
import type { Room } from "../features/rooms/room.js";
import { searchMessages } from "../features/search/search.actions.js";
import { query, sql } from "../platform/sql.js";
import { pdf } from "./files.js";
import { foundByName, notFoundByName } from "./search-examples.js";
import { asksFor, looseTerm, looseText } from "./search-oracle.js";
import { incoming, sendPicture } from "./uploads.js";
import type { World } from "./world.js";

let world: World;
let project: Project;
let john: User;
let jane: User;

const newRoom = (): Promise<Room> => world.group(project, john, jane);

const say = (room: Room, content: string): Promise<Message> =>
  sendMessage(world.as(john), { roomId: room.id, content });

/** Sends a file of this name, with a text or without. */
function sendFile(room: Room, name: string, content = ""): Promise<Message> {
  const bytes = name.endsWith(".pdf") ? pdf() : Buffer.from("text");
  return sendMessage(world.as(john), { roomId: room.id, content, attachment: incoming({ name, bytes }) });
}

/** What Jane finds in all pages of this size, best match first. */
async function pages(typed: string, room: Room, first = 50): Promise<readonly Message[]> {
  const all: Message[] = [];
  let after: string | null = null;
  do {
    const page = await searchMessages(world.as(jane), { query: typed, roomId: room.id, first, after });
    all.push(...page.nodes);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return all;
}

const shown = ({ content, attachment }: Message): string =>
  [content, attachment?.name ?? ""].filter((part) => part !== "").join(" + ");

/** As {@link pages}, each message as its text and the name of its file. */
const search = async (typed: string, room: Room, first?: number): Promise<readonly string[]> =>
  (await pages(typed, room, first)).map(shown);

/** That a message is found by the name of its file: the same on both databases. */
export function searchFiles(open: () => Promise<World>): void {
  beforeAll(async () => {
    world = await open();
    project = await world.project("apollo");
    john = await world.person("john", project);
    jane = await world.person("jane", project);
  });
  afterAll(() => world.close());

  describe("finds a file without a text by", () => {
    test.each(foundByName)("%s", async (_what, name, typed) => {
      const room = await newRoom();
      const { id } = await sendFile(room, name);
      expect((await pages(typed, room)).map((message) => message.id)).toEqual([id]);
    });
  });

  describe("does not find a file by", () => {
    test.each(notFoundByName)("%s", async (_what, name, typed) => {
      const room = await newRoom();
      await sendFile(room, name);
      expect(await search(typed, room)).toEqual([]);
    });
  });

  test.each([
    ["words of both", "numbers budget", true],
    ["beginnings of both", "numb budg", true],
    ["parts of both", "umber udge", true],
    ["a word of one and a part of the other", "numbers udge", true],
    ["a word that only the text has", "numbers", true],
    ["words of both and one that neither has", "numbers budget cheese", false],
    ["a quote from the end of the text into the name", '"numbers budget"', false],
  ])("a text beside a file, asked for by %s", async (_what, typed, isFound) => {
    const room = await newRoom();
    await say(room, "budget");
    await sendFile(room, "budget-2026.pdf", "The numbers");
    expect(await search(`${typed} has:file`, room)).toEqual(isFound ? ["The numbers + budget-2026.pdf"] : []);
  });

  test("puts whole words before beginnings before parts, wherever each of them is", async () => {
    const room = await newRoom();
    await sendFile(room, "ho.txt", "our land");
    await sendFile(room, "mainland.txt", "ho");
    await sendFile(room, "land ho.txt");
    await say(room, "land ho");
    await sendFile(room, "landing.txt", "ho");
    await sendFile(room, "land.txt", "landing, ho");
    await say(room, "islands ho");
    const expected = [
      "landing, ho + land.txt",
      "land ho",
      "land ho.txt",
      "our land + ho.txt",
      "ho + landing.txt",
      "islands ho",
      "ho + mainland.txt",
    ];
    expect(await search("land ho", room)).toEqual(expected);
    expect(await search("land ho", room, 1)).toEqual(expected);
  });

  test("reaches files beyond the newest messages", async () => {
    const room = await newRoom();
    await sendFile(room, "zebras.txt");
    await sendFile(room, "zebra.txt", "old");
    await query(
      world.database.fork(),
      sql`insert into chat_message (room_id, user_id, no, content, created_at, updated_at)
          select ${room.id}, ${john.id}, 100 + n, 'filler', now(), now() from generate_series(1, 5100) n`,
    );
    await say(await newRoom(), "x");
    expect(await search("zebra", room, 1)).toEqual(["old + zebra.txt", "zebras.txt"]);
    expect(await search("zebra old", room)).toEqual(["old + zebra.txt"]);
  });

  test("a message whose text was edited is found by its new words and still by its file", async () => {
    const room = await newRoom();
    const { id } = await sendFile(room, "okapi.txt", "giraffe");
    await editMessage(world.as(john), { messageId: id, content: "elephant" });
    expect(await search("okapi giraffe", room)).toEqual([]);
    expect(await search("okapi elephant", room)).toEqual(["elephant + okapi.txt"]);
    await editMessage(world.as(john), { messageId: id, content: "" });
    expect(await search("okapi", room)).toEqual(["okapi.txt"]);
  });

  test("a message that was deleted is not found by its file", async () => {
    const room = await newRoom();
    const { id } = await sendFile(room, "okapi.txt", "giraffe");
    await deleteMessage(world.as(john), { messageId: id });
    expect(await search("okapi", room)).toEqual([]);
  });

  test("a file in a room that one has left is not found", async () => {
    const room = await newRoom();
    await sendFile(room, "quagga.txt");
    const ask = async () => (await searchMessages(world.as(jane), { query: "quagga" })).nodes.map(shown);
    expect(await ask()).toEqual(["quagga.txt"]);
    await removeParticipant(world.as(john), { roomId: room.id, person: { id: jane.id } });
    expect(await ask()).toEqual([]);
  });

  test.each([
    ["one has:file", ["one.txt", "a picture + one.png"]],
    ["one has:image", ["a picture + one.png"]],
    ["one from:jane", []],
    ["one before:2025-01-01", []],
    ["has:image", ["a picture + one.png"]],
  ])("a name goes together with filters: %s", async (typed, expected) => {
    const room = await newRoom();
    await sendPicture(world.as(john), room.id, "a picture");
    await sendFile(room, "one.txt");
    await say(room, "number one");
    expect(await search(typed, room)).toEqual(expected);
  });

  test("what matches is marked where it stands", async () => {
    const room = await newRoom();
    await sendFile(room, "Café-menu.txt", "The numbers");
    const marksOf = async (typed: string) => {
      const { edges } = await searchMessages(world.as(jane), { query: typed, roomId: room.id });
      return edges.map(({ highlights, nameHighlights }) =>
        [highlights, nameHighlights].map((pieces) =>
          pieces.map(({ text, isMatch }) => (isMatch ? `[${text}]` : text)).join(""),
        ),
      );
    };
    expect(await marksOf("cafe numbers")).toEqual([["The [numbers]", "[Café]-menu.txt"]]);
    expect(await marksOf("menu.txt")).toEqual([["The numbers", "Café-[menu.txt]"]]);
    expect(await marksOf("numbers")).toEqual([["The [numbers]", ""]]);
    expect(await marksOf("has:file")).toEqual([["The numbers", ""]]);
  });

  test("whatever files are called, finds precisely what a look at every message finds, in pages of any size", async () => {
    const message = fc.record({ content: fc.option(looseText, { nil: "" }), name: fc.option(looseText, { nil: "x" }) });
    const property = fc.asyncProperty(
      fc.array(message, { minLength: 1, maxLength: 6 }),
      fc.array(looseTerm, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 4 }),
      async (sent, terms, first) => {
        const room = await newRoom();
        const all: Message[] = [];
        for (const { content, name } of sent) all.push(await sendFile(room, `${name}.txt`, content));
        const expected = all.filter(({ content, attachment }) =>
          terms.every((term) => [content, attachment?.name ?? ""].some((text) => asksFor(term).test(text))),
        );
        const messages = await pages(terms.join(" "), room, first);
        expect(messages.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(expected.map(({ id }) => id));
      },
    );
    await fc.assert(property, { numRuns: 40, endOnFailure: true });
  });
}
