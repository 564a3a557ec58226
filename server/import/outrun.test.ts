import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { query, sql, type RawBuilder } from "../platform/sql.js";
import { importLines, type FileLine } from "../test/importing.js";
import { createWorld, type World } from "../test/world.js";

const file: readonly FileLine[] = [
  { kind: "user", id: 1, username: "john", display_name: "John Doe" },
  { kind: "project", id: 7, name: "Apollo", members: [1] },
  { kind: "room", id: 5, type: "group", name: "Talk", project: 7, created_by: 1, participants: [1] },
];

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const run = (statement: RawBuilder<unknown>): Promise<readonly unknown[]> => query(world.database.fork(), statement);

describe("a file that others outran", () => {
  afterEach(() => run(sql`drop function outrun cascade`));

  // The code with which the database takes back what lost against somebody else.
  test.each(["40001", "40P01", "55P03"])("is refused with the advice to import it again (%s)", async (code) => {
    await run(
      sql`create function outrun() returns trigger language plpgsql as ${sql.lit(`begin raise exception using errcode = '${code}'; end`)}`,
    );
    await run(sql`create trigger outrun before insert on chat_room execute function outrun()`);
    await expect(importLines(world, ...file)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringMatching(/were faster, so nothing was imported. Import it again.$/),
    });
    expect(await run(sql`select 1 from chat_user`)).toEqual([]);
  });
});
