import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { query, sql } from "../platform/sql.js";
import type { Project, User } from "../features/directory/directory.js";
import type { ChatEvent, Delivery } from "../features/feed/room-event.js";
import type { StreamId } from "../features/feed/stream.js";
import { viewerHeads } from "../features/rooms/room.queries.js";
import { FeedRun, lastingKinds, OPENING_MESSAGES } from "./feed-run.js";
import { createLossyPubSub } from "./lossy-pubsub.js";
import { misfortune, PEOPLE, randomRuns, scriptOf } from "./random-runs.js";
import { RecordingClient, type Stretch } from "./recording-client.js";
import type { World } from "./world.js";

/** Three people are in the first room, and two of them follow it a second time, alone. */
const FOLLOWERS_OF_OPENING = 5;

let world: World;
let project: Project;
let people: User[];

const script = scriptOf(lastingKinds);

/**
 * Whatever happens, in whatever order, on whatever broker: clients get the log. A failure prints its seed; setting
 * FEED_SEED looks again, FEED_RUNS looks longer.
 */
export function feedProperty(open: () => Promise<World>, usualRuns: number): void {
  const runs = randomRuns(usualRuns, 10_000);

  beforeAll(async () => {
    world = await open();
    project = await world.project("apollo");
    people = [];
    for (const name of PEOPLE) people.push(await world.person(name, project));
  });
  afterAll(() => world.close());

  test("P3, P4, P6 under loss, doubling, delay and disorder: every follower gets the log, once, in order, and nothing beyond its removal", async () => {
    let events = 0;
    const property = fc.asyncProperty(fc.integer(), misfortune, script, async (seed, how, steps) => {
      const [ada, ben, cleo] = people;
      if (ada === undefined || ben === undefined || cleo === undefined) throw new Error("Nobody is here.");
      const rooms = [await world.group(project, ada, ben, cleo), await world.group(project, ben, ada)];
      const run = new FeedRun({
        world,
        project,
        people,
        rooms: rooms.map(({ id }) => id),
        pubsub: createLossyPubSub(seed, how),
        clients: [
          ...people.map(({ id }) => new RecordingClient(world, id)),
          ...[ada, ben].map(({ id }) => new RecordingClient(world, id, rooms[0]?.id)),
        ],
      });
      await run.play(steps);
      for (const client of run.clients) {
        expect(client.failure).toBeUndefined();
        for (const [stream, stretches] of client.stretches) {
          expectTheLog(stretches, await logOf(stream));
          events += stretches.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
        }
        expect(await missing(client)).toEqual([]);
      }
      expect(await run.close()).toEqual({ hubs: 0, subscriptions: 0 });
    });
    await fc.assert(property, runs);
    // Otherwise it has shown nothing: the opening alone brings this many, whatever random commands add to it.
    expect(events).toBeGreaterThanOrEqual(runs.numRuns * OPENING_MESSAGES * FOLLOWERS_OF_OPENING);
  });
}

async function logOf(stream: StreamId): Promise<ReadonlyMap<number, ChatEvent>> {
  const [origin] = await query<{ epoch: string }>(world.database.fork(), sql`select epoch from feed_origin`);
  const deliveries = await world.feed.read(stream, `${origin?.epoch}.1`, 0, 10_000);
  return new Map(deliveries.map(({ seq, event }) => [seq ?? -1, event]));
}

/** Each stretch is a part of the log, without a hole, from where it started. */
function expectTheLog(stretches: readonly Stretch[], log: ReadonlyMap<number, ChatEvent>): void {
  for (const { after, isExact, deliveries } of stretches) {
    const seqs = deliveries.map(({ seq }) => seq ?? -1);
    const [first = after + 1] = seqs;
    expect(isExact ? first - after === 1 : first - after <= 1).toBe(true);
    expect(seqs).toEqual(seqs.map((_, index) => first + index));
    for (const delivery of deliveries) expect(lasting(delivery, log)).toEqual(log.get(delivery.seq ?? -1));
  }
}

/** The event as the log has it by now: the words of a message that was deleted since are gone. */
function lasting({ event, seq }: Delivery, log: ReadonlyMap<number, ChatEvent>): ChatEvent {
  const logged = log.get(seq ?? -1);
  if (!("message" in event) || logged === undefined || !("message" in logged) || !logged.message.isDeleted)
    return event;
  return { ...event, message: { ...event.message, content: "", mentionIds: [], isDeleted: true } };
}

/** What a connected client should have and has not: all of its rooms up to their heads, of others their end. */
async function missing(client: RecordingClient): Promise<readonly string[]> {
  if (!client.isConnected) return [];
  const heads = await viewerHeads(world.database.fork(), client.viewerId);
  const headOf = new Map(heads.map(({ stream, seq }) => [stream, seq]));
  return [...client.stretches].flatMap(([stream, stretches]) => {
    const last = stretches.at(-1);
    const reached = last?.deliveries.at(-1)?.seq ?? last?.after;
    const head = headOf.get(stream);
    if (head !== undefined) return reached === head ? [] : [`${stream} ends at ${reached} instead of ${head}`];
    return client.wasTold(stream) || last?.deliveries.length === 0 ? [] : [`${stream} has not ended`];
  });
}
