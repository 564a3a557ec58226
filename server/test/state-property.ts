import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { query, sql } from "../platform/sql.js";
import type { User } from "../features/directory/directory.js";
import type { RoomId } from "../features/rooms/room.js";
import { createSchema } from "../transports/graphql/schema.js";
import { unsigned } from "./feed-documents.js";
import { FeedRun, stepKinds } from "./feed-run.js";
import type { ParticipantState, RoomState, State } from "./feed-state.js";
import { createLossyPubSub } from "./lossy-pubsub.js";
import { misfortune, PEOPLE, randomRuns, scriptOf } from "./random-runs.js";
import { ViewerClient } from "./viewer-client.js";
import type { World } from "./world.js";

let world: World;
let people: User[];
const { schema } = createSchema();

const script = scriptOf(stepKinds);

/**
 * Whatever happens, in whatever order: whoever started with a snapshot and has applied the events since then shows what a
 * fresh snapshot shows, after every step. A failure prints its seed; FEED_SEED looks again, FEED_RUNS looks longer.
 */
export function stateProperty(open: () => Promise<World>, usualRuns: number): void {
  const runs = randomRuns(usualRuns, 20_000);

  beforeAll(async () => {
    world = await open();
  });
  afterAll(() => world.close());

  test("the snapshot with the events applied is a fresh snapshot, and what is unread is what a recount says", async () => {
    let started = 0;
    let compared = 0;
    const property = fc.asyncProperty(fc.integer(), misfortune, script, async (seed, how, steps) => {
      const project = await world.project(`apollo${(started += 1)}`);
      people = [];
      // New people each time: a snapshot shows a hundred rooms at most.
      for (const name of PEOPLE) people.push(await world.person(`${name}${started}`, project));
      const [ada, ben, cleo] = people;
      if (ada === undefined || ben === undefined || cleo === undefined) throw new Error("Nobody is here.");
      const rooms = [await world.group(project, ada, ben, cleo), await world.group(project, ben, ada)];
      const run = new FeedRun({
        world,
        project,
        people,
        rooms: rooms.map(({ id }) => id),
        pubsub: createLossyPubSub(seed, how),
        clients: people.map((person) => new ViewerClient(world, schema, person)),
      });
      const look = async (clients: readonly ViewerClient[]): Promise<void> => {
        await run.settle();
        for (const client of clients) compared += await expectCurrent(client);
      };
      // After each step somebody, who may just be away, and at the end everybody.
      await run.play(steps, ({ who }) => look(run.clients.slice(who % PEOPLE.length).slice(0, 2)));
      await look(run.clients);
      expect(run.clients.every(({ isCurrent }) => isCurrent)).toBe(true);
      expect(await run.close()).toEqual({ hubs: 0, subscriptions: 0 });
    });
    await fc.assert(property, runs);
    // Otherwise it has shown nothing: at the end of each run everybody is looked at.
    expect(compared).toBeGreaterThanOrEqual(runs.numRuns * PEOPLE.length);
  });
}

/** How many were compared: nobody who is away, or does not read, can be up to date. */
async function expectCurrent(client: ViewerClient): Promise<number> {
  expect(client.failure).toBeUndefined();
  if (!client.isCurrent) return 0;
  await client.recount(world.feed);
  const fresh = await client.fresh(world.feed);
  expect(shown(client.state, client)).toEqual(shown(fresh, client));
  const counts = Object.values(client.state.rooms).map(countsOf);
  expect(counts.toSorted(byId)).toEqual((await recount(client)).toSorted(byId));
  return 1;
}

/** What must be equal: how far others have read may be lost on the way, and is left out. */
function shown(state: State, { viewerHostId }: ViewerClient): unknown {
  const rooms = Object.entries(state.rooms).map(([id, room]) => {
    const participants = room.participants.map((each) => (each.user.id === viewerHostId ? each : unread(each)));
    return [id, { ...room, participants }];
  });
  return unsigned({ rooms: Object.fromEntries(rooms), typing: [] });
}

const unread = (participant: ParticipantState) => ({ ...participant, lastReadAt: null, lastReadMessageId: null });

interface Counts {
  readonly id: string;
  readonly unreadCount: number;
  readonly unreadMentionCount: number;
}

const byId = (a: Counts, b: Counts): number => Number(a.id) - Number(b.id);

const countsOf = ({ id, unreadCount, unreadMentionCount }: RoomState): Counts => {
  return { id, unreadCount, unreadMentionCount };
};

/** Counts anew, message by message: of others, beyond what was read, not deleted, and which of them name the viewer. */
async function recount({ viewerId }: ViewerClient): Promise<Counts[]> {
  const em = world.database.fork();
  const rooms = await query<{ room_id: RoomId; read_no: number }>(
    em,
    sql`select room_id, read_no from chat_participant where user_id = ${viewerId}`,
  );
  const messages = await query<{ room_id: RoomId; no: number; content: string }>(
    em,
    sql`select room_id, no, content from chat_message where user_id <> ${viewerId} and deleted_at is null`,
  );
  const name = people.find(({ id }) => id === viewerId)?.username ?? "";
  return rooms.map(({ room_id, read_no }) => {
    const unread = messages.filter((message) => message.room_id === room_id && message.no > read_no);
    const naming = unread.filter(({ content }) => content.includes(`@${name}`));
    return { id: String(room_id), unreadCount: unread.length, unreadMentionCount: naming.length };
  });
}
