import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { hearAll, hearRoom, type Ear } from "../../test/hear.js";
import { until } from "../../test/until.js";
import { createWorld, type World } from "../../test/world.js";
import { queryOne, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { sendMessage } from "../messages/message.actions.js";
import type { Room } from "../rooms/room.js";
import { setTyping } from "./typing.actions.js";

let world: World;
let project: Project;
let john: User;
let jane: User;
let stranger: User;
let room: Room;
let ear: Ear;
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  john = await world.person("john", project);
  jane = await world.person("jane", project);
  stranger = await world.person("stranger", project);
});
beforeEach(async () => {
  room = await world.group(project, john, jane);
  ear = await hearRoom(world, jane, room);
});
afterEach(() => ear.stop());
afterAll(() => world.close());

const type = (user: User, isTyping: boolean) => setTyping(world.as(user), { roomId: room.id, isTyping });
const typing = (each = ear) =>
  each.heard.flatMap(({ event }) => (event.kind === "typing_changed" ? [event.isTyping] : []));
/** Everything said before it was heard when this has been: messages of one room arrive in order. */
async function marker(): Promise<void> {
  const message = await sendMessage(world.as(john), { roomId: room.id, content: "marker" });
  await until(
    () => ear.heard.some(({ event }) => event.kind === "message_sent" && event.message.id === message.id),
    "the marker",
  );
}

test("the others hear that somebody types, and 3 seconds after the last word that they have stopped", async () => {
  await type(john, true);
  await until(() => typing().length === 1);
  world.clock.advance(2_999);
  await marker();
  expect(typing()).toEqual([true]);
  world.clock.advance(1);
  await until(() => typing().length === 2);
  expect(typing()).toEqual([true, false]);
  expect(ear.heard.find(({ event }) => event.kind === "typing_changed")).toMatchObject({
    seq: null,
    event: { roomId: room.id, userId: john.id },
  });
});

test("repeating it keeps it alive, and is not told again", async () => {
  await type(john, true);
  await marker();
  world.clock.advance(2_000);
  await type(john, true);
  await marker();
  world.clock.advance(2_000);
  await marker();
  expect(typing()).toEqual([true]);
  world.clock.advance(1_000);
  await until(() => typing().length === 2);
  expect(typing()).toEqual([true, false]);
});

test("stopping is told at once, and not a second time by the clock", async () => {
  await type(john, true);
  await type(john, false);
  await until(() => typing().length === 2);
  world.clock.advance(10_000);
  await marker();
  expect(typing()).toEqual([true, false]);
});

test("who stops without having begun is not heard", async () => {
  await type(john, false);
  await marker();
  expect(typing()).toEqual([]);
});

test("one does not hear oneself, neither in the room nor in all rooms", async () => {
  const own = [await hearRoom(world, john, room), await hearAll(world, john)];
  await type(john, true);
  await until(() => typing().length === 1);
  await marker();
  await until(
    () => own.every(({ heard }) => heard.some(({ event }) => event.kind === "message_sent")),
    "john's own marker",
  );
  expect(own.flatMap((each) => typing(each))).toEqual([]);
  for (const each of own) each.stop();
});

test("nothing of it is kept", async () => {
  await type(john, true);
  await type(john, false);
  const row = await queryOne<{ count: number }>(
    world.database.fork(),
    sql`select count(*)::int as count from feed_entry where stream = ${`r${room.id}`}`,
  );
  expect(row?.count).toBe(0);
});

test("it takes a participant", async () => {
  await expect(type(stranger, true)).rejects.toMatchObject({ code: "NOT_FOUND" });
});
