import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { hearAll, type Ear } from "../../test/hear.js";
import { until } from "../../test/until.js";
import { createWorld, type World } from "../../test/world.js";
import { PEOPLE_TOPIC, type User } from "../directory/directory.js";
import type { Room } from "../rooms/room.js";
import { listenToAttendance } from "./attendance.actions.js";
import { ATTENDANCE_TOPIC } from "./attendance.js";
import { listenToPeople } from "./presence.actions.js";

// What is heard of people from the broker is another version's, or a stranger's, until it has been looked at.

let world: World;
let jane: User;
let john: User;
let room: Room;
let ear: Ear;
const endings: (() => unknown)[] = [];
beforeAll(async () => {
  world = await createWorld();
  const project = await world.project("apollo");
  jane = await world.person("jane", project);
  john = await world.person("john", project);
  room = await world.group(project, john, jane);
  const fork = () => world.database.fork();
  endings.push(await listenToPeople(world.services, world.feed, fork));
  endings.push(await listenToAttendance(world.services, world.feed, fork));
  ear = await hearAll(world, jane);
  endings.push(ear.stop);
});
afterAll(async () => {
  for (const end of endings) await end();
  await world.close();
});

const junk: readonly unknown[] = [null, 7, "words", [], {}, { kind: "presence_changed" }, { users: [] }];

/** A person with one thing wrong. */
const nobodies = (): readonly unknown[] => [
  null,
  [],
  "john",
  { ...john, id: undefined },
  { ...john, id: String(john.id) },
  { ...john, id: 0 },
  { ...john, id: 1.5 },
  { ...john, hostId: null },
  { ...john, username: 7 },
  { ...john, displayName: { toString: "x" } },
];

test("of people only what makes sense is passed on", async () => {
  const publish = (text: string) => world.services.pubsub.publish(PEOPLE_TOPIC, text);
  const kinds = [undefined, null, 7, "", "toString", "message_sent", "participant_removed"];
  await publish("{ no json");
  for (const message of [
    ...junk,
    ...kinds.map((kind) => ({ kind, users: [john] })),
    ...[null, {}, "john", john].map((users) => ({ kind: "user_changed", users })),
    ...nobodies().map((nobody) => ({ kind: "user_changed", users: [john, nobody] })),
  ])
    await publish(JSON.stringify(message));
  await publish(JSON.stringify({ kind: "user_changed", users: [john] }));
  await until(() => ear.heard.some(({ event }) => event.kind === "user_changed"), "what makes sense");
  expect(ear.heard.map(({ event }) => event)).toEqual([{ kind: "user_changed", userId: john.id }]);
});

test("of who is in a room only what makes sense is passed on", async () => {
  const before = ear.heard.length;
  const publish = (text: string) => world.services.pubsub.publish(ATTENDANCE_TOPIC, text);
  const whole = { user: john, roomIds: [room.id], isHere: true };
  await publish("{ no json");
  for (const message of [
    ...junk,
    ...nobodies().map((user) => ({ ...whole, user })),
    ...[undefined, null, room.id, {}, [room.id, String(room.id)], [room.id, -1], [room.id, null]].map((roomIds) => ({
      ...whole,
      roomIds,
    })),
    ...[undefined, null, 1, "yes"].map((isHere) => ({ ...whole, isHere })),
  ])
    await publish(JSON.stringify(message));
  await publish(JSON.stringify({ ...whole, isHere: false }));
  const heard = () => ear.heard.slice(before).map(({ event }) => event);
  await until(() => heard().length > 0, "what makes sense");
  expect(heard()).toEqual([{ kind: "attendance_changed", roomId: room.id, userId: john.id, isHere: false }]);
});
