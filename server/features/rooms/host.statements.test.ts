import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { countStatements } from "../../test/count-statements.js";
import { createWorld, type World } from "../../test/world.js";
import type { HostScope } from "../../platform/scope.js";
import type { User } from "../directory/directory.js";
import { upsertProjects, upsertUsers } from "./host.actions.js";
import { createRoom } from "./room.actions.js";

const FEW = 3;
const MANY = 30;

let world: World;
let john: User;
beforeAll(async () => {
  world = await createWorld();
  john = await world.person("john");
});
afterAll(() => world.close());

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_each, index) => index);

/** How many statements a call of the host product's takes, from BEGIN to COMMIT. */
async function costOf(verb: (scope: HostScope) => Promise<unknown>): Promise<number> {
  let statements = 0;
  await verb({ ...world.host(), em: countStatements(world.database.fork(), () => (statements += 1)) });
  return statements;
}

const users = (prefix: string, count: number, more: object = {}) => {
  const rows = upTo(count).map((n) => ({ id: `${prefix}${n}`, username: "x", displayName: "X", ...more }));
  return (scope: HostScope) => upsertUsers(scope, { users: rows });
};

test.each([
  ["new", {}],
  ["as they were", {}],
  ["changed", { displayName: "Y" }],
  ["deleted", { isDeleted: true }],
])("people who are %s take as many statements, however many they are", async (_what, more) => {
  const [few, many] = [await costOf(users("few", FEW, more)), await costOf(users("many", 100 * FEW, more))];
  expect(few).toBeGreaterThan(1);
  expect(many).toBe(few);
});

/** A project with a room for each member, and all of them in all the rooms. */
async function projectOf(count: number): Promise<{ readonly id: string; readonly members: readonly string[] }> {
  const id = `of ${count}`;
  await users(id, count)(world.host());
  const members = upTo(count).map((n) => `${id}${n}`);
  await upsertProjects(world.host(), { projects: [{ id, name: id, memberIds: [john.hostId, ...members] }] });
  const participants = members.map((hostId) => ({ hostId }));
  for (let room = 0; room < count; room += 1)
    await createRoom(world.as(john), { type: "group", name: "x", project: { hostId: id }, participants });
  return { id, members };
}

test("people who leave a project, and a project that goes, take as many, however many people and rooms there are", async () => {
  const leaving: number[] = [];
  const going: number[] = [];
  for (const count of [FEW, MANY]) {
    const { id, members } = await projectOf(count);
    const put = (row: object) => costOf((scope) => upsertProjects(scope, { projects: [{ id, ...row }] }));
    leaving.push(await put({ removeMemberIds: members }));
    going.push(await put({ isDeleted: true }));
  }
  expect(leaving[1]).toBe(leaving[0]);
  expect(going[1]).toBe(going[0]);
  expect(Math.min(...leaving, ...going)).toBeGreaterThan(1);
});
