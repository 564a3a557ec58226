import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { hearAll } from "../../test/hear.js";
import { until } from "../../test/until.js";
import { createWorld, type World } from "../../test/world.js";
import { query, sql } from "../../platform/sql.js";
import { recognise } from "../directory/directory.actions.js";
import type { Project, User } from "../directory/directory.js";
import { ownProjectsByHostIds, profileOf, projectsOf, usersByIds } from "../directory/directory.queries.js";
import { MAX_MEMBERS, MAX_ROWS } from "../directory/host-rows.js";
import { sendMessage } from "../messages/message.actions.js";
import { messagesByIds } from "../messages/message.queries.js";
import { listenToPeople } from "../presence/presence.actions.js";
import { upsertProjects, upsertUsers } from "./host.actions.js";
import { createRoom } from "./room.actions.js";
import { participantsOf, viewedRoom } from "./room.queries.js";
import type { Room } from "./room.js";

let world: World;
let stopListening: () => Promise<void>;
let apollo: Project;
let john: User;
let jane: User;
let bob: User;
let round = 0;
beforeAll(async () => {
  world = await createWorld();
  stopListening = await listenToPeople(world.services, world.feed, () => world.database.fork());
});
beforeEach(async () => {
  round += 1;
  apollo = await world.project(`apollo${round}`);
  john = await world.person(`john${round}`, apollo);
  jane = await world.person(`jane${round}`, apollo);
  bob = await world.person(`bob${round}`, apollo);
});
afterAll(async () => {
  await stopListening();
  await world.close();
});

const people = (...users: readonly object[]) => upsertUsers(world.host(), { users });
const projects = (...rows: readonly object[]) => upsertProjects(world.host(), { projects: rows });
const row = (id: string | number, name: string) => ({ id, username: name, displayName: name.toUpperCase() });
const known = (hostId: string | number) => profileOf(world.database.fork(), String(hostId));
const isIn = async (user: User, room: Room) =>
  (await participantsOf(world.database.fork(), [room.id])).some(({ userId }) => userId === user.id);
const see = (user: User, room: Room) => viewedRoom(world.database.fork(), user.id, String(room.id));
const direct = async (one: User, other: User) =>
  (
    await createRoom(world.as(one), {
      type: "direct",
      project: { id: apollo.id },
      participants: [{ id: other.id }],
    })
  ).room;
const projectNames = async (user: User) => (await projectsOf(world.database.fork(), user.id)).map(({ name }) => name);

/** The transactions that wrote what is stored last: a row that is written again gets another. */
const writers = () =>
  query(
    world.database.fork(),
    sql`select 'u' || id as id, xmin::text from chat_user union all select 'p' || id, xmin::text from chat_project
        union all select 'm' || project_id || ':' || user_id, xmin::text from chat_membership order by 1`,
  );

describe("people of the host product", () => {
  test("are made known, and changed; what is so already is not written again", async () => {
    const [ann, ben] = [row("auth0|ann", "ann"), row("5f0c9c1e-7a51-4f0e-9c55-0d9d5f3d1b10", "ben")];
    expect(await people(ann, ben)).toEqual({ created: 2, changed: 0, unchanged: 0 });
    const before = await writers();
    expect(await people(ann, ben)).toEqual({ created: 0, changed: 0, unchanged: 2 });
    expect(await writers()).toEqual(before);
    expect(await people(ann, { ...ben, displayName: "Ben Hur" })).toEqual({ created: 0, changed: 1, unchanged: 1 });
    expect((await known(ben.id))?.user).toMatchObject({ username: "ben", displayName: "Ben Hur" });
  });

  test("are the same by number and by the number written as text", async () => {
    expect(await people(row(4711, "cy"))).toMatchObject({ created: 1 });
    expect(await people(row("4711", "cy"))).toMatchObject({ unchanged: 1 });
  });

  test("keep their new names against a token from before, and take those of a newer one", async () => {
    await people(row("dot", "dot"));
    const now = world.clock.now().getTime();
    const token = (displayName: string, issuedAtMs: number) =>
      recognise(world.database.fork(), { hostId: "dot", displayName }, issuedAtMs);
    expect(await token("Older", now - 1)).toMatchObject({ changed: false, user: { displayName: "DOT" } });
    expect(await token("Newer", now + 1)).toMatchObject({ changed: true, user: { displayName: "Newer" } });
    world.clock.advance(10);
    await people(row("dot", "dot"));
    expect(await token("Newer", now + 1)).toMatchObject({ changed: false, user: { displayName: "DOT" } });
  });

  test("are told about where somebody shares a room with them, if their names have changed", async () => {
    await world.group(apollo, john, jane);
    const ear = await hearAll(world, jane);
    await people({ id: john.hostId, username: john.username, displayName: john.displayName });
    await people({ id: john.hostId, username: john.username, displayName: "Johnny" });
    await until(() => ear.heard.length > 0, "the news");
    ear.stop();
    expect(ear.heard.map(({ event, snapshots }) => [event, snapshots.users])).toEqual([
      [{ kind: "user_changed", userId: john.id }, [{ ...john, displayName: "Johnny" }]],
    ]);
  });

  test.each([
    ["users[1].username", "without a username", { id: "x", displayName: "X" }],
    ["users[1].displayName", "with a name that nobody could see", { id: "x", username: "x", displayName: " \u0000" }],
    ["users[1].username", "with a name that is too long", { id: "x", username: "x".repeat(256), displayName: "X" }],
    ["users[1].id", "without an id", { username: "x", displayName: "X" }],
    ["users[1].id", "with an empty id", { id: "", username: "x", displayName: "X" }],
    ["users[1].id", "with a control character in its id", { id: "\u0000", username: "x", displayName: "X" }],
    ["users[1].id", "with half a number", { id: 1.5, username: "x", displayName: "X" }],
    ["users[1].id", "with an id that stands there already", { id: "first", username: "x", displayName: "X" }],
    ["users[1].isDeleted", "with a word for yes", { id: "x", username: "x", displayName: "X", isDeleted: "yes" }],
    ["users[1]", "that is no row", "x"],
  ])("are refused together for one bad row: %s, %s", async (field, _what, bad) => {
    const attempt = upsertUsers(world.host(), { users: [row("first", "first"), bad] });
    await expect(attempt).rejects.toMatchObject({ code: "BAD_USER_INPUT", details: { field } });
    expect(await known("first")).toBeUndefined();
  });

  test.each([undefined, {}, { users: "x" }, { users: null }])("are a list, not %j", async (input) => {
    await expect(upsertUsers(world.host(), input)).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
  });

  test("are not too many at once", async () => {
    const users = Array.from({ length: MAX_ROWS + 1 }, (_, index) => row(`many-${index}`, "x"));
    await expect(people(...users)).rejects.toMatchObject({ code: "BAD_USER_INPUT", details: { field: "users" } });
  });
});

describe("a person whom the host product deletes", () => {
  const remove = (user: User) => people({ id: user.hostId, isDeleted: true });

  test("is out of projects and rooms, which go on under another owner and under no creator", async () => {
    const room = await world.group(apollo, john, jane, bob);
    const own = await direct(john, jane);
    const ear = await hearAll(world, jane);
    expect(await remove(john)).toEqual({ created: 0, changed: 1, unchanged: 0 });
    expect([await isIn(john, room), await isIn(john, own), await projectNames(john)]).toEqual([false, false, []]);
    expect(await see(jane, room)).toMatchObject({ ownerId: jane.id, createdById: null });
    expect(await see(jane, own)).toMatchObject({ ownerId: null, createdById: null });
    await until(() => ear.heard.length === 4, "the news of both rooms");
    ear.stop();
    for (const { id } of [room, own]) {
      const events = ear.heard.filter(({ stream }) => stream === `r${id}`);
      expect(events.map(({ event }) => event.kind)).toEqual(["participant_removed", "room_changed"]);
      expect(events[0]?.snapshots.users).toContainEqual(expect.objectContaining({ displayName: "Deleted user" }));
      expect(events[1]?.event).toMatchObject({ room: { id, createdById: null } });
    }
  });

  test("is forgotten as the creator of a room that they had left", async () => {
    const room = await world.group(apollo, john, jane);
    await projects({ id: apollo.hostId, removeMemberIds: [john.hostId] });
    expect(await see(jane, room)).toMatchObject({ createdById: john.id });
    const ear = await hearAll(world, jane);
    await remove(john);
    await until(() => ear.heard.length === 1, "the news");
    ear.stop();
    expect(ear.heard[0]?.event).toMatchObject({ kind: "room_changed", room: { createdById: null } });
  });

  test("takes the rooms along that they were alone in", async () => {
    const room = await world.group(apollo, john);
    await sendMessage(world.as(john), { roomId: room.id, content: "to myself" });
    const ear = await hearAll(world, john);
    await remove(john);
    await until(() => ear.heard.length === 2, "the end");
    ear.stop();
    expect(ear.heard.map(({ event }) => event.kind)).toEqual(["room_deleted", "room_left"]);
    expect(await query(world.database.fork(), sql`select 1 from chat_message where room_id = ${room.id}`)).toEqual([]);
  });

  test("leaves their messages, under Deleted user", async () => {
    const room = await world.group(apollo, jane, john);
    const { id } = await sendMessage(world.as(john), { roomId: room.id, content: "I was here" });
    await remove(john);
    expect(await messagesByIds(world.database.fork(), [id])).toMatchObject([
      { content: "I was here", userId: john.id },
    ]);
    expect(await usersByIds(world.database.fork(), [john.id])).toMatchObject([{ displayName: "Deleted user" }]);
  });

  test("is let in no more, until the host product takes it back; that gives them no rooms", async () => {
    const room = await world.group(apollo, jane, john);
    const enter = () => recognise(world.database.fork(), { hostId: john.hostId }, undefined);
    await remove(john);
    await expect(enter()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    expect(await remove(john)).toMatchObject({ unchanged: 1 });
    const back = { id: john.hostId, username: john.username, displayName: john.displayName };
    expect(await people(back)).toMatchObject({ unchanged: 1 });
    expect(await people({ ...back, isDeleted: false })).toMatchObject({ changed: 1 });
    expect(await enter()).toMatchObject({ user: john });
    expect([await isIn(john, room), await projectNames(john)]).toEqual([false, []]);
  });

  test("is not let in either if nobody knew them before", async () => {
    expect(await people({ id: "gone-before", isDeleted: true })).toMatchObject({ created: 1 });
    const enter = recognise(world.database.fork(), { hostId: "gone-before" }, undefined);
    await expect(enter).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });
});

describe("projects of the host product", () => {
  test("are made known with their members, and changed; what is so already is not written again", async () => {
    const gemini = { id: `gemini${round}`, name: "Gemini", memberIds: [john.hostId, jane.hostId, john.hostId] };
    expect(await projects(gemini)).toEqual({ created: 1, changed: 0, unchanged: 0 });
    expect([await projectNames(john), await projectNames(bob)]).toEqual([["Gemini", apollo.name], [apollo.name]]);
    const before = await writers();
    expect(await projects(gemini, { id: apollo.hostId, addMemberIds: [bob.hostId], removeMemberIds: ["x"] })).toEqual({
      created: 0,
      changed: 0,
      unchanged: 2,
    });
    expect(await writers()).toEqual(before);
    expect(await projects({ ...gemini, name: "Mercury" })).toMatchObject({ changed: 1 });
    expect(await projectNames(jane)).toEqual(["Mercury", apollo.name]);
  });

  test("have the members of a complete list, and lose who is missing", async () => {
    const room = await world.group(apollo, john, jane, bob);
    expect(await projects({ id: apollo.hostId, memberIds: [john.hostId, bob.hostId] })).toMatchObject({ changed: 1 });
    expect([await isIn(john, room), await isIn(jane, room), await isIn(bob, room)]).toEqual([true, false, true]);
  });

  test("lose who is taken out, with their rooms there and no others; who comes back is in no group", async () => {
    const beta = await world.project(`beta${round}`);
    await projects({ id: beta.hostId, addMemberIds: [john.hostId, jane.hostId] });
    const [here, there] = [await world.group(apollo, john, jane), await world.group(beta, john, jane)];
    const talk = await direct(john, jane);
    const [janes, johns] = [await hearAll(world, jane), await hearAll(world, john)];
    await projects({ id: apollo.hostId, removeMemberIds: [jane.hostId] });
    expect([await isIn(jane, here), await isIn(jane, talk), await isIn(jane, there)]).toEqual([false, false, true]);
    await until(() => janes.heard.length === 4 && johns.heard.length === 2, "the news for both");
    janes.stop();
    johns.stop();
    const told = janes.heard.map(({ event }) => event.kind).toSorted();
    expect(told).toEqual(["participant_removed", "participant_removed", "room_left", "room_left"]);
    expect(johns.heard.map(({ event }) => event.kind)).toEqual(["participant_removed", "participant_removed"]);
    await projects({ id: apollo.hostId, addMemberIds: [jane.hostId] });
    expect(await isIn(jane, here)).toBe(false);
    expect(await direct(jane, john)).toMatchObject({ id: talk.id });
    expect(await isIn(jane, talk)).toBe(true);
  });

  test("that are deleted take all their rooms along, for everybody", async () => {
    const [group, talk] = [await world.group(apollo, john, jane, bob), await direct(john, jane)];
    const ear = await hearAll(world, bob);
    expect(await projects({ id: apollo.hostId, isDeleted: true })).toEqual({ created: 0, changed: 1, unchanged: 0 });
    await until(() => ear.heard.length === 2, "the end of the room");
    ear.stop();
    expect(ear.heard.map(({ event }) => event.kind)).toEqual(["room_deleted", "room_left"]);
    expect([await see(john, group), await see(john, talk)]).toEqual([undefined, undefined]);
    expect(await ownProjectsByHostIds(world.database.fork(), john.id, [apollo.hostId])).toEqual([]);
    expect(await projects({ id: apollo.hostId, isDeleted: true })).toMatchObject({ unchanged: 1 });
  });

  test.each([
    ["projects[1].name", "a new one without a name", () => ({ id: "x" })],
    [
      "projects[1].memberIds[1]",
      "a member whom nobody knows",
      () => ({ id: "x", name: "X", memberIds: [john.hostId, "?"] }),
    ],
    ["projects[1].addMemberIds[0]", "one to add whom nobody knows", () => ({ id: apollo.hostId, addMemberIds: ["?"] })],
    ["projects[1].memberIds", "all members and changes to them", () => ({ id: "x", memberIds: [], addMemberIds: [] })],
    [
      "projects[1].removeMemberIds[0]",
      "one to add and remove",
      () => ({ id: "x", addMemberIds: [1], removeMemberIds: ["1"] }),
    ],
    ["projects[1].memberIds[0]", "a member without an id", () => ({ id: "x", name: "X", memberIds: [null] })],
    ["projects[1].id", "one that stands there already", () => ({ id: "first", name: "X" })],
  ])("are refused together for one bad row: %s, %s", async (field, _what, bad) => {
    const attempt = projects({ id: "first", name: "First", memberIds: [john.hostId] }, bad());
    await expect(attempt).rejects.toMatchObject({ code: "BAD_USER_INPUT", details: { field } });
    expect(await projectNames(john)).toEqual([apollo.name]);
  });

  test("have no members who are deleted", async () => {
    await people({ id: jane.hostId, isDeleted: true });
    const attempt = projects({ id: apollo.hostId, addMemberIds: [jane.hostId] });
    await expect(attempt).rejects.toMatchObject({ details: { field: "projects[0].addMemberIds[0]" } });
  });

  test("have not too many members at once", async () => {
    const memberIds = Array.from({ length: MAX_MEMBERS + 1 }, (_, index) => index);
    await expect(projects({ id: "x", name: "X", memberIds })).rejects.toMatchObject({ details: { field: "projects" } });
  });
});
