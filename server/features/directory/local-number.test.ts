import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { createWorld, type World } from "../../test/world.js";
import { queryOne, sql } from "../../platform/sql.js";
import { upsertProjects, upsertUsers } from "../rooms/host.actions.js";
import { recognise } from "./directory.actions.js";
import { profileOf } from "./directory.queries.js";
import { MAX_SHARED_NUMBER } from "./local-number.actions.js";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
beforeEach(() => queryOne(world.database.fork(), sql`truncate chat_user, chat_project restart identity cascade`));
afterAll(() => world.close());

const people = (...ids: readonly (string | number)[]) =>
  upsertUsers(world.host(), { users: ids.map((id) => ({ id, username: "x", displayName: "X" })) });
const meet = async (hostId: string) => (await recognise(world.database.fork(), { hostId }, undefined)).user.id;
const numberOf = async (hostId: string) => (await profileOf(world.database.fork(), hostId))?.user.id;
const numbersOf = (...hostIds: readonly string[]) => Promise.all(hostIds.map(numberOf));
const projectNumber = async (hostId: string) =>
  (await queryOne<{ id: number }>(world.database.fork(), sql`select id from chat_project where host_id = ${hostId}`))
    ?.id;

/** Somebody whose number just comes out of the sequence. */
const insertBeside = async () =>
  (
    await queryOne<{ id: number }>(
      world.database.fork(),
      sql`insert into chat_user (host_id, username, display_name) values (gen_random_uuid(), 'x', 'x') returning id`,
    )
  )?.id;

test("a host product without numbers has ours: 1, 2, 3 ...", async () => {
  await people("auth0|a", "auth0|b");
  expect([...(await numbersOf("auth0|a", "auth0|b")), await meet("auth0|c"), await insertBeside()]).toEqual([
    1, 2, 3, 4,
  ]);
});

test("a host product with numbers has its own, by bulk and by token, for projects too", async () => {
  await people(500, "auth0|500", "510");
  expect([await meet("520"), ...(await numbersOf("500", "510", "auth0|500"))]).toEqual([520, 500, 510, 511]);
  await upsertProjects(world.host(), {
    projects: [
      { id: 900, name: "A" },
      { id: "x", name: "B" },
    ],
  });
  expect([await projectNumber("900"), await projectNumber("x")]).toEqual([900, 901]);
});

test("a number that is taken is no failure: there is a next one", async () => {
  await people(10, "text");
  expect(await numberOf("text")).toBe(11);
  await people(11, 13);
  expect([...(await numbersOf("11", "13")), await meet("14")]).toEqual([14, 13, 15]);
});

test("what is just inserted beside never meets a number that was taken over", async () => {
  await people(1);
  expect(await insertBeside()).toBe(2);
  await people(4, 3, 6);
  expect(await insertBeside()).toBe(7);
  await meet("8");
  expect(await insertBeside()).toBe(9);
  await people(5);
  expect([await numberOf("5"), await insertBeside()]).toEqual([5, 10]);
});

test("numbers that were put there without the sequence are not given out again", async () => {
  await queryOne(
    world.database.fork(),
    sql`insert into chat_user (id, host_id, username, display_name) values (1, 'one', 'x', 'x'), (2, 'two', 'x', 'x')`,
  );
  await people("text");
  expect(await numberOf("text")).toBe(3);
});

test("a single huge number leaves the others room to count on; what only looks like a number is none", async () => {
  await people(2_147_483_647, MAX_SHARED_NUMBER + 1, "99999999999999999999", "007", 0, -1);
  expect(await numbersOf("2147483647", "1000000001", "99999999999999999999", "007", "0", "-1")).toEqual([
    1, 2, 3, 4, 5, 6,
  ]);
  await people(MAX_SHARED_NUMBER);
  expect([await numberOf("1000000000"), await insertBeside()]).toEqual([MAX_SHARED_NUMBER, MAX_SHARED_NUMBER + 1]);
});
