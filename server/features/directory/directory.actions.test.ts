import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createWorld, type World } from "../../test/world.js";
import { query, sql } from "../../platform/sql.js";
import type { User } from "./directory.js";
import { recognise } from "./directory.actions.js";
import { knownUsersByHostIds, projectsOf, usersByIds } from "./directory.queries.js";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const MONDAY_MS = Date.parse("2025-11-03T09:00:00Z");
const TUESDAY_MS = Date.parse("2025-11-04T09:00:00Z");
const meet = (hostId: string, names: { username?: string; displayName?: string }, issuedAtMs?: number) =>
  recognise(world.database.fork(), { hostId, ...names }, issuedAtMs);
const stored = async (user: User) => (await usersByIds(world.database.fork(), [user.id]))[0];

describe("a token", () => {
  test("of somebody unknown makes them a person without any project", async () => {
    const { user, changed } = await meet("new-1", { username: "ann", displayName: "Ann Lee" }, MONDAY_MS);
    expect(changed).toBe(false);
    expect(await stored(user)).toEqual({ id: user.id, hostId: "new-1", username: "ann", displayName: "Ann Lee" });
    expect(await projectsOf(world.database.fork(), user.id)).toEqual([]);
  });

  test("without names names them by what it has", async () => {
    expect((await meet("new-2", {}, MONDAY_MS)).user).toMatchObject({ username: "new-2", displayName: "new-2" });
    expect((await meet("new-3", { username: "ben" }, MONDAY_MS)).user).toMatchObject({
      username: "ben",
      displayName: "ben",
    });
  });

  test("seen many times at once makes one person", async () => {
    const met = await Promise.all(Array.from({ length: 6 }, () => meet("new-4", { username: "cy" }, MONDAY_MS)));
    expect(new Set(met.map(({ user }) => user.id)).size).toBe(1);
  });

  test("that is newer freshens the names, an older one does not", async () => {
    const { user } = await meet("new-5", { username: "old", displayName: "Old" }, MONDAY_MS);
    expect(await meet("new-5", { username: "new", displayName: "New" }, TUESDAY_MS)).toMatchObject({
      changed: true,
      user: { id: user.id, username: "new", displayName: "New" },
    });
    expect(await meet("new-5", { username: "old", displayName: "Old" }, MONDAY_MS)).toMatchObject({
      changed: false,
      user: { username: "new", displayName: "New" },
    });
    expect(await stored(user)).toMatchObject({ username: "new", displayName: "New" });
  });

  test("without names, or without a time, changes no names", async () => {
    await meet("new-6", { username: "kept", displayName: "Kept" }, MONDAY_MS);
    expect(await meet("new-6", {}, TUESDAY_MS)).toMatchObject({
      changed: false,
      user: { username: "kept", displayName: "Kept" },
    });
    expect(await meet("new-6", { username: "other" })).toMatchObject({ changed: false, user: { username: "kept" } });
    expect(await meet("new-6", { displayName: "Renamed" }, TUESDAY_MS)).toMatchObject({
      changed: true,
      user: { username: "kept", displayName: "Renamed" },
    });
  });
});

describe("a person whom the host product has deleted", () => {
  test("is let in no more", async () => {
    const { user } = await meet("gone-1", { username: "gone" }, MONDAY_MS);
    await query(world.database.fork(), sql`update chat_user set deleted_at = now() where id = ${user.id}`);
    await expect(meet("gone-1", { username: "gone" }, TUESDAY_MS)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  test("stands as Deleted user where they wrote", async () => {
    const { user } = await meet("gone-2", { username: "gone", displayName: "Gone Girl" }, MONDAY_MS);
    await query(world.database.fork(), sql`update chat_user set deleted_at = now() where id = ${user.id}`);
    expect(await stored(user)).toMatchObject({ username: "", displayName: "Deleted user" });
  });
});

test("one may know oneself and the members of one's projects, and nobody else", async () => {
  const [apollo, beta] = [await world.project("apollo"), await world.project("beta")];
  const [john, jane, dee] = [
    await world.person("john", apollo),
    await world.person("jane", apollo, beta),
    await world.person("dee", beta),
  ];
  const known = async (viewer: User) => {
    const users = await knownUsersByHostIds(
      world.database.fork(),
      viewer.id,
      [john, jane, dee].map((user) => user.hostId).concat("nobody", "\u0000"),
    );
    return users.map((user) => user.username).toSorted();
  };
  expect(await known(john)).toEqual(["jane", "john"]);
  expect(await known(jane)).toEqual(["dee", "jane", "john"]);
  expect(await known(dee)).toEqual(["dee", "jane"]);
});
