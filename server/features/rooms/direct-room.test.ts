import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createWorld, type World } from "../../test/world.js";
import type { Project, User } from "../directory/directory.js";
import { addParticipant, removeParticipant } from "./participant.actions.js";
import { createRoom, deleteRoom, renameRoom } from "./room.actions.js";
import { participantsOf } from "./room.queries.js";
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

const people = async (room: Room) =>
  (await participantsOf(world.database.fork(), [room.id])).map((participant) => participant.userId);
const add = (user: User, room: Room, whom: User) =>
  addParticipant(world.as(user), { roomId: room.id, person: { id: whom.id } });
const remove = (user: User, room: Room, whom: User) =>
  removeParticipant(world.as(user), { roomId: room.id, person: { id: whom.id } });
const direct = (user: User, other: User, project = apollo) =>
  createRoom(world.as(user), { type: "direct", project: { id: project.id }, participants: [{ id: other.id }] });

describe("a direct room", () => {
  test("is one for each pair and project, whoever asks for it", async () => {
    const first = await direct(john, jane);
    expect(first).toMatchObject({
      created: true,
      room: { type: "direct", name: "", ownerId: null, createdById: john.id },
    });
    expect(await direct(jane, john)).toEqual({ created: false, room: first.room });
    expect((await direct(john, jane, beta)).room.id).not.toBe(first.room.id);
    expect(await people(first.room)).toEqual([john.id, jane.id]);
  });

  test("asked for many times at once, by both, is one room with two people", async () => {
    const pair = [await world.person("left", apollo), await world.person("right", apollo)] as const;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_each, index) =>
        index % 2 === 0 ? direct(pair[0], pair[1]) : direct(pair[1], pair[0]),
      ),
    );
    expect(new Set(answers.map(({ room }) => room.id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(await Promise.all(answers.slice(0, 1).map(({ room }) => people(room)))).toMatchObject([{ length: 2 }]);
  });

  test("takes exactly one other person", async () => {
    const create = (participants: readonly { id: number }[]) =>
      createRoom(world.as(john), { type: "direct", project: { id: apollo.id }, participants });
    const refusal = { code: "BAD_USER_INPUT", details: { field: "participantIds" } };
    await expect(create([])).rejects.toMatchObject(refusal);
    await expect(create([{ id: john.id }])).rejects.toMatchObject(refusal);
    await expect(create([{ id: jane.id }, { id: bob.id }])).rejects.toMatchObject(refusal);
    await expect(create([{ id: dee.id }])).rejects.toMatchObject({
      ...refusal,
      message: "Everybody in a room has to be a member of its project.",
    });
  });

  test("can't be renamed, deleted, joined, left or emptied", async () => {
    const { room } = await direct(john, jane);
    const conflict = { code: "CONFLICT" };
    await expect(renameRoom(world.as(john), { roomId: room.id, name: "x" })).rejects.toMatchObject(conflict);
    await expect(deleteRoom(world.as(john), { roomId: room.id })).rejects.toMatchObject(conflict);
    await expect(add(john, room, bob)).rejects.toMatchObject(conflict);
    await expect(remove(john, room, john)).rejects.toMatchObject(conflict);
    await expect(remove(john, room, jane)).rejects.toMatchObject(conflict);
    await expect(renameRoom(world.as(bob), { roomId: room.id, name: "x" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});
