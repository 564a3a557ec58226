import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { User } from "../../features/directory/directory.js";
import { sendMessage } from "../../features/messages/message.actions.js";
import { addReaction } from "../../features/reactions/reaction.actions.js";
import { TestClock } from "../../test/clock.js";
import { countStatements } from "../../test/count-statements.js";
import { startTestServer, type TestServer } from "../../test/server.js";
import { createWorld, openTestDatabase, type World } from "../../test/world.js";

const MANY = 20;

let world: World;
let server: TestServer;
let statements = 0;
let busy: User;
let quiet: User;
let rooms: { readonly few: number; readonly many: number };

beforeAll(async () => {
  const database = await openTestDatabase();
  world = await createWorld({ database });
  server = await startTestServer({
    database: { ...database, fork: () => countStatements(database.fork(), () => (statements += 1)) },
    webRoot: import.meta.dirname,
    // Who is known is known for some seconds: here for as long as it takes.
    clock: new TestClock(),
  });
  const project = await world.project("apollo");
  busy = await world.person("busy", project);
  quiet = await world.person("quiet", project);
  const people: User[] = [];
  for (let index = 0; index < MANY; index += 1) people.push(await world.person(`person${index}`, project));
  for (const person of people) {
    const room = await world.group(project, person, busy);
    await sendMessage(world.as(person), { roomId: room.id, content: "hello" });
  }
  const few = await world.group(project, quiet, busy);
  await sendMessage(world.as(quiet), { roomId: few.id, content: "hello" });
  const many = await world.group(project, busy, ...people);
  for (const person of people) {
    const { id } = await sendMessage(world.as(person), { roomId: many.id, content: "hello there" });
    await addReaction(world.as(busy), { messageId: id, emoji: "👍" });
    await addReaction(world.as(person), { messageId: id, emoji: "🎉" });
  }
  rooms = { few: few.id, many: many.id };
}, 120_000);
afterAll(async () => {
  await world.feed.close();
  await server.close();
});

/** How many statements a call takes, and how many things it brings. */
async function ask(user: User, path: string): Promise<{ statements: number; found: number }> {
  const headers = { authorization: `Bearer ${await server.token(user)}` };
  // Once before: whoever comes for the first time is made known.
  await fetch(`${server.url}${path}`, { headers });
  statements = 0;
  const found: unknown = await (await fetch(`${server.url}${path}`, { headers })).json();
  return { statements, found: Array.isArray(found) ? found.length : 0 };
}

describe("twenty times as many rows take exactly as many statements", () => {
  test("in the list of rooms", async () => {
    const [few, many] = [await ask(quiet, "/api/chat/rooms/"), await ask(busy, "/api/chat/rooms/")];
    expect([few.found, many.found]).toEqual([1, MANY + 2]);
    expect(many.statements).toBe(few.statements);
    expect(many.statements).toBeLessThanOrEqual(3);
  });

  test("in the list of messages", async () => {
    const of = (room: number) => ask(busy, `/api/chat/messages/?room=${room}`);
    const [few, many] = [await of(rooms.few), await of(rooms.many)];
    expect([few.found, many.found]).toEqual([1, MANY]);
    expect(many.statements).toBe(few.statements);
    expect(many.statements).toBe(1);
  });

  test("in what a search finds", async () => {
    const [few, many] = [
      await ask(busy, "/api/chat/messages/?search=there&limit=2"),
      await ask(busy, "/api/chat/messages/?search=there&limit=18"),
    ];
    expect([few.found, many.found]).toEqual([2, 18]);
    expect(many.statements).toBe(few.statements);
  });
});
