import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createWorld, type World } from "../../test/world.js";
import { query, queryOne, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { sendMessage } from "../messages/message.actions.js";
import { historiesOf } from "../messages/message.queries.js";
import { addParticipant, removeParticipant } from "./participant.actions.js";
import { createRoom, deleteRoom, renameRoom } from "./room.actions.js";
import { participantsOf, viewedRoom } from "./room.queries.js";
import type { Room } from "./room.js";

let world: World;
let apollo: Project;
let beta: Project;
let john: User;
let jane: User;
let bob: User;
let dee: User;
beforeAll(async () => {
  world = await createWorld();
  apollo = await world.project("apollo");
  beta = await world.project("beta");
  john = await world.person("john", apollo, beta);
  jane = await world.person("jane", apollo, beta);
  bob = await world.person("bob", apollo);
  dee = await world.person("dee", beta);
});
afterAll(() => world.close());

const group = (owner: User, ...others: readonly User[]) => world.group(apollo, owner, ...others);
const see = (user: User, room: Room) => viewedRoom(world.database.fork(), user.id, String(room.id));
const people = async (room: Room) =>
  (await participantsOf(world.database.fork(), [room.id])).map((participant) => participant.userId);
const add = (user: User, room: Room, whom: User) =>
  addParticipant(world.as(user), { roomId: room.id, person: { id: whom.id } });
const remove = (user: User, room: Room, whom: User) =>
  removeParticipant(world.as(user), { roomId: room.id, person: { id: whom.id } });

const MEMBERS_ONLY = { code: "BAD_USER_INPUT", message: "Everybody in a room has to be a member of its project." };

describe("a group", () => {
  test("has its creator as owner and first participant, and each of the others once", async () => {
    const { room, created } = await createRoom(world.as(john), {
      type: "group",
      name: "  Project \t Discussion ",
      project: { hostId: apollo.hostId },
      participants: [{ hostId: jane.hostId }, { id: jane.id }, { id: john.id }, { id: bob.id }],
    });
    expect(created).toBe(true);
    expect(room).toMatchObject({ name: "Project Discussion", type: "group", createdById: john.id, ownerId: john.id });
    expect(await people(room)).toEqual([john.id, jane.id, bob.id]);
  });

  test("may be of one, and two groups may bear one name", async () => {
    const [one, two] = [await group(john), await group(john)];
    expect(one.id).not.toBe(two.id);
    expect(await people(one)).toEqual([john.id]);
  });

  test.each(["", "   ", "\u0000\u0007", "\u202e"])("needs a name that one can see, not %j", async (name) => {
    const attempt = createRoom(world.as(john), { type: "group", name, project: { id: apollo.id }, participants: [] });
    await expect(attempt).rejects.toMatchObject({ code: "BAD_USER_INPUT", details: { field: "name" } });
  });

  test("has a name of at most 255 characters, counted as people count", async () => {
    const create = (name: string) =>
      createRoom(world.as(john), { type: "group", name, project: { id: apollo.id }, participants: [] });
    expect((await create("🚀".repeat(255))).room.name).toBe("🚀".repeat(255));
    await expect(create("🚀".repeat(256))).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      details: { field: "name" },
    });
  });

  test("takes members of its project only: the answer for others is the one for nobody", async () => {
    const create = (participants: readonly { hostId: string }[]) =>
      createRoom(world.as(john), { type: "group", name: "x", project: { id: apollo.id }, participants });
    await expect(create([{ hostId: dee.hostId }])).rejects.toMatchObject({
      ...MEMBERS_ONLY,
      details: { field: "participantIds" },
    });
    await expect(create([{ hostId: "nobody" }])).rejects.toMatchObject({
      ...MEMBERS_ONLY,
      details: { field: "participantIds" },
    });
    await expect(create([{ hostId: "\u0000" }])).rejects.toMatchObject({
      ...MEMBERS_ONLY,
      details: { field: "participantIds" },
    });
  });

  test.each([() => beta.hostId, () => "no such project", () => "\u0000"])(
    "can't be made in a project that is not one's own (%#)",
    async (hostId) => {
      const attempt = createRoom(world.as(bob), {
        type: "group",
        name: "x",
        project: { hostId: hostId() },
        participants: [],
      });
      await expect(attempt).rejects.toMatchObject({ code: "NOT_FOUND" });
    },
  );

  test("has at most 1,000 participants", async () => {
    const full = await world.project("full");
    const owner = await world.person("owner", full);
    await query(
      world.database.fork(),
      sql`with u as (insert into chat_user (host_id, username, display_name) select 'crowd' || x, 'crowd' || x, 'Crowd' from generate_series(1, 1000) x returning id)
          insert into chat_membership (project_id, user_id) select ${full.id}, id from u`,
    );
    const crowd = await query<{ id: User["id"] }>(
      world.database.fork(),
      sql`select id from chat_user where host_id like 'crowd%' order by id`,
    );
    const create = (count: number) =>
      createRoom(world.as(owner), {
        type: "group",
        name: "x",
        project: { id: full.id },
        participants: crowd.slice(0, count),
      });
    await expect(create(1_000)).rejects.toMatchObject({ code: "CONFLICT" });
    const { room } = await create(999);
    const last = crowd[999];
    await expect(
      addParticipant(world.as(owner), { roomId: room.id, person: { id: last?.id ?? 0 } }),
    ).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await people(room)).toHaveLength(1_000);
  });
});

describe("the owner of a group", () => {
  test("renames it; other participants may not, and others do not know it", async () => {
    const room = await group(john, jane);
    expect(await renameRoom(world.as(john), { roomId: room.id, name: " New  name " })).toMatchObject({
      name: "New name",
    });
    await expect(renameRoom(world.as(jane), { roomId: room.id, name: "x" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await expect(renameRoom(world.as(bob), { roomId: room.id, name: "x" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(renameRoom(world.as(john), { roomId: room.id, name: " " })).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      details: { field: "name" },
    });
  });

  test("removes others; other participants may not", async () => {
    const room = await group(john, jane, bob);
    await expect(remove(jane, room, bob)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await remove(john, room, bob);
    expect(await people(room)).toEqual([john.id, jane.id]);
    expect(await see(bob, room)).toBeUndefined();
  });

  test("who wants to remove somebody that is not there is told so, whether that person exists or not", async () => {
    const room = await group(john);
    const refusal = {
      code: "BAD_USER_INPUT",
      message: "This person is not in the room.",
      details: { field: "userId" },
    };
    await expect(remove(john, room, bob)).rejects.toMatchObject(refusal);
    await expect(
      removeParticipant(world.as(john), { roomId: room.id, person: { hostId: "nobody" } }),
    ).rejects.toMatchObject(refusal);
  });

  test("deletes it with all that was written; other participants may not", async () => {
    const room = await group(john, jane);
    await sendMessage(world.as(jane), { roomId: room.id, content: "words" });
    await expect(deleteRoom(world.as(jane), { roomId: room.id })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await deleteRoom(world.as(john), { roomId: room.id });
    expect(await see(john, room)).toBeUndefined();
    await expect(sendMessage(world.as(jane), { roomId: room.id, content: "more" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    const left = await queryOne<{ count: number }>(
      world.database.fork(),
      sql`select count(*)::int as count from feed_entry where payload::text like '%words%' and stream = ${`r${room.id}`}`,
    );
    expect(left?.count).toBe(0);
  });

  test("who leaves is followed by the longest-standing participant; who made the room stays known", async () => {
    const room = await group(john, jane);
    await add(jane, room, bob);
    await remove(john, room, john);
    expect(await see(jane, room)).toMatchObject({ ownerId: jane.id, createdById: john.id });
    await remove(jane, room, jane);
    expect(await see(bob, room)).toMatchObject({ ownerId: bob.id, createdById: john.id });
  });

  test("who comes back is not the owner again", async () => {
    const room = await group(john, jane);
    await remove(john, room, john);
    await add(jane, room, john);
    expect((await see(john, room))?.ownerId).toBe(jane.id);
    await expect(remove(john, room, jane)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("who leaves as the last one takes the room along", async () => {
    const room = await group(john);
    await remove(john, room, john);
    const row = await queryOne(world.database.fork(), sql`select 1 from chat_room where id = ${room.id}`);
    expect(row).toBeUndefined();
  });
});

describe("a participant of a group", () => {
  test("adds members of the project, and nobody else", async () => {
    const room = await group(john, jane);
    expect(await add(jane, room, bob)).toMatchObject({ added: true, participant: { userId: bob.id } });
    await expect(add(jane, room, dee)).rejects.toMatchObject({ ...MEMBERS_ONLY, details: { field: "userId" } });
    await expect(
      addParticipant(world.as(jane), { roomId: room.id, person: { hostId: "nobody" } }),
    ).rejects.toMatchObject(MEMBERS_ONLY);
  });

  test("who is added twice is in it once, as before", async () => {
    const room = await group(john);
    const { participant } = await add(john, room, jane);
    expect(await add(john, room, jane)).toEqual({ participant, added: false });
  });

  test("sees everything that was written before they came, as read", async () => {
    const room = await group(john);
    const early = await sendMessage(world.as(john), { roomId: room.id, content: "early" });
    await add(john, room, jane);
    expect((await see(jane, room))?.state.unreadCount).toBe(0);
    const view = { viewerId: john.id, roomIds: [room.id] };
    const { histories } = await historiesOf(world.database.fork(), view, { limit: 10, from: "newest" });
    expect(histories).toMatchObject([[{ id: early.id }]]);
  });

  test("leaves whenever they like", async () => {
    const room = await group(john, jane);
    await remove(jane, room, jane);
    expect(await people(room)).toEqual([john.id]);
    await expect(remove(jane, room, jane)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("who was deleted in the host product can't be added", async () => {
    const gone = await world.person("gone", apollo);
    await query(world.database.fork(), sql`update chat_user set deleted_at = now() where id = ${gone.id}`);
    const room = await group(john);
    await expect(add(john, room, gone)).rejects.toMatchObject(MEMBERS_ONLY);
  });

  test("moves the room up in the list by writing, and the owner by changing it", async () => {
    const room = await group(john, jane);
    const stamps = [String((await see(john, room))?.updatedAt)];
    const step = async (change: () => Promise<unknown>) => {
      await change();
      stamps.push(String((await see(john, room))?.updatedAt));
    };
    await step(() => sendMessage(world.as(jane), { roomId: room.id, content: "x" }));
    await step(() => renameRoom(world.as(john), { roomId: room.id, name: "y" }));
    await step(() => add(john, room, bob));
    await step(() => remove(john, room, bob));
    expect(stamps).toEqual([...new Set(stamps)].toSorted());
  });
});
