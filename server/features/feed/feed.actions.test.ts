import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createWorld, type World } from "../../test/world.js";
import { query, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import type { Room } from "../rooms/room.js";
import { commit, retrying } from "./feed.actions.js";
import { roomStream, userStream } from "./stream.js";

const failing = (code: string): Error => Object.assign(new Error("rolled back"), { code });

describe("work that the database rolled back", () => {
  test.each(["40001", "40P01", "55P03"])("for %s is done again", async (code) => {
    let tries = 0;
    const result = await retrying(async () => {
      tries += 1;
      if (tries < 3) throw new Error("wrapped", { cause: failing(code) });
      return "done";
    });
    expect([result, tries]).toEqual(["done", 3]);
  });

  test("is given up after three tries", async () => {
    let tries = 0;
    const work = async (): Promise<never> => {
      tries += 1;
      throw failing("40P01");
    };
    await expect(retrying(work)).rejects.toThrow("rolled back");
    expect(tries).toBe(3);
  });

  test.each(["23505", "57P01", "ECONNRESET"])(
    "for %s is not: it may have happened, or would fail again",
    async (code) => {
      let tries = 0;
      const work = async (): Promise<never> => {
        tries += 1;
        throw failing(code);
      };
      await expect(retrying(work)).rejects.toThrow("rolled back");
      expect(tries).toBe(1);
    },
  );
});

describe("a change", () => {
  let world: World;
  let project: Project;
  let ada: User;
  let room: Room;
  beforeAll(async () => {
    world = await createWorld();
    project = await world.project("apollo");
    ada = await world.person("ada", project);
    room = await world.group(project, ada);
  });
  afterAll(() => world.close());

  test("that is done again tells everybody once, of what was committed", async () => {
    const told: string[] = [];
    const publish = async (_topic: string, message: string): Promise<void> => void told.push(message);
    const scope = {
      ...world.as(ada),
      services: { ...world.services, pubsub: { ...world.services.pubsub, publish } },
    };
    let tries = 0;
    const seqs = await commit(scope, async ({ emit }) => {
      tries += 1;
      const event = { kind: "room_left", roomId: room.id } as const;
      const seq = await emit({ stream: userStream(ada.id), event, actorId: null });
      if (tries === 1) throw failing("40001");
      return seq;
    });
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0] ?? "")).toMatchObject({ delivery: { stream: userStream(ada.id), seq: seqs } });
    const rows = await query(
      world.database.fork(),
      sql`select seq from feed_entry where stream = ${userStream(ada.id)} and kind = 'room_left'`,
    );
    expect(rows).toEqual([{ seq: seqs }]);
  });

  test("in a stream that was never opened fails, and stores nothing", async () => {
    const nowhere = { ...room, id: 999_999 };
    const stream = roomStream(nowhere.id as Room["id"]);
    const change = commit(world.as(ada), ({ emit }) =>
      emit({ stream, event: { kind: "room_deleted", roomId: room.id }, actorId: null }),
    );
    await expect(change).rejects.toThrow("gone");
    expect(await query(world.database.fork(), sql`select 1 from feed_entry where stream = ${stream}`)).toEqual([]);
  });

  test("many at once in one stream are numbered without holes, and their times rise", async () => {
    const stream = roomStream(room.id);
    const emitOne = (): Promise<number> =>
      commit(world.as(ada), ({ emit }) => emit({ stream, event: { kind: "room_changed", room }, actorId: ada.id }));
    const seqs = await Promise.all(Array.from({ length: 20 }, emitOne));
    expect(seqs.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    const rows = await query<{ at: string }>(
      world.database.fork(),
      sql`select at::text as at from feed_entry where stream = ${stream} order by seq`,
    );
    const times = rows.map(({ at }) => at);
    expect(new Set(times).size).toBe(20);
    expect(times.toSorted()).toEqual(times);
  });

  test("gets a later time than the one before, even when the clock was set back", async () => {
    const stream = roomStream(room.id);
    await query(
      world.database.fork(),
      sql`update feed_stream set last_at = now() + interval '1 hour' where id = ${stream}`,
    );
    await commit(world.as(ada), ({ emit }) => emit({ stream, event: { kind: "room_changed", room }, actorId: ada.id }));
    const rows = await query<{ is_later: boolean }>(
      world.database.fork(),
      sql`select max(at) > now() + interval '59 minutes' as is_later from feed_entry where stream = ${stream}`,
    );
    expect(rows).toEqual([{ is_later: true }]);
  });
});
