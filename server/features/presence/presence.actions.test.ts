import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { hearAll, type Ear } from "../../test/hear.js";
import { until } from "../../test/until.js";
import { createWorld, type World } from "../../test/world.js";
import type { Project, User } from "../directory/directory.js";
import { sendMessage } from "../messages/message.actions.js";
import type { Room } from "../rooms/room.js";
import { tellAboutPeople } from "../directory/directory.actions.js";
import { arrive, listenToPeople } from "./presence.actions.js";
import { presenceOf } from "./presence.queries.js";

let world: World;
let project: Project;
let jane: User;
let john: User;
let room: Room;
let ear: Ear;
let stopListening: () => Promise<void>;
let people = 0;
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  jane = await world.person("jane", project);
  stopListening = await listenToPeople(world.services, world.feed, () => world.database.fork());
});
beforeEach(async () => {
  people += 1;
  john = await world.person(`john${people}`, project);
  room = await world.group(project, john, jane);
  ear = await hearAll(world, jane);
});
afterEach(() => ear.stop());
afterAll(async () => {
  await stopListening();
  await world.close();
});

const presence = async () => (await presenceOf(world.services.leases, [john.id]))[0];
const told = () =>
  ear.heard.filter(({ event }) => event.kind === "presence_changed" && event.userId === john.id).length;

/** Long enough for whatever was said before to be heard: it goes the longer way. */
async function settle(): Promise<void> {
  tellAboutPeople(world.services, { kind: "user_changed", users: [john] });
  const before = ear.heard.length;
  await until(() => ear.heard.slice(before).some(({ event }) => event.kind === "user_changed"), "the marker");
}

test("somebody is online from their first connection until 5 seconds after their last one has closed", async () => {
  expect(await presence()).toBe("offline");
  const departures = [await arrive(world.services, john), await arrive(world.services, john)];
  expect(await presence()).toBe("online");
  await until(() => told() === 1, "the arrival");
  departures[0]?.();
  world.clock.advance(5_000);
  await settle();
  expect([await presence(), told()]).toEqual(["online", 1]);
  departures[1]?.();
  world.clock.advance(4_999);
  await settle();
  expect([await presence(), told()]).toEqual(["online", 1]);
  world.clock.advance(1);
  await until(() => told() === 2, "the departure");
  expect(await presence()).toBe("offline");
});

test("a reload is no departure", async () => {
  const leave = await arrive(world.services, john);
  await until(() => told() === 1);
  leave();
  world.clock.advance(2_000);
  await arrive(world.services, john);
  world.clock.advance(60_000);
  await settle();
  expect([await presence(), told()]).toEqual(["online", 1]);
});

test("a connection that ends twice is counted once", async () => {
  const leave = await arrive(world.services, john);
  await arrive(world.services, john);
  leave();
  leave();
  world.clock.advance(10_000);
  expect(await presence()).toBe("online");
});

test("only those who share a room hear of it", async () => {
  const other = await world.person(`other${people}`, project);
  await arrive(world.services, other);
  await settle();
  expect(ear.heard.filter(({ event }) => event.kind === "presence_changed" && event.userId === other.id)).toEqual([]);
  await sendMessage(world.as(john), { roomId: room.id, content: "still here" });
  await until(() => ear.heard.some(({ event }) => event.kind === "message_sent"));
});
