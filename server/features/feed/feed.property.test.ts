import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { pino } from "pino";
import { createLossyPubSub, type LossyPubSub } from "../../test/lossy-pubsub.js";
import { RecordingClient } from "../../test/recording-client.js";
import { until } from "../../test/until.js";
import { createWorld, type World } from "../../test/world.js";
import { DomainError } from "../../platform/errors.js";
import type { UserId } from "../../platform/ids.js";
import { query, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { deleteMessage, editMessage, sendMessage } from "../messages/message.actions.js";
import { snapshotsOf } from "../messages/message.queries.js";
import { addReaction, removeReaction } from "../reactions/reaction.actions.js";
import { markRoomRead } from "../receipts/receipt.actions.js";
import { addParticipant, removeParticipant } from "../rooms/participant.actions.js";
import { renameRoom } from "../rooms/room.actions.js";
import { participantsOf, viewerHeads } from "../rooms/room.queries.js";
import type { RoomId } from "../rooms/room.js";
import { createFeed, type Feed } from "./feed.node.js";
import type { DurableEvent } from "./room-event.js";
import { roomStream, type StreamId } from "./stream.js";

jest.setTimeout(120_000);

const RUNS = Number(process.env.FEED_RUNS ?? 12);
const PEOPLE = ["ada", "ben", "cleo", "dan"];

let world: World;
let project: Project;
let people: readonly User[];
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  people = await Promise.all(PEOPLE.map((name) => world.person(name, project)));
});
afterAll(() => world.close());

/** One thing that happens; who, where and to what is taken modulo what there is. */
interface Step {
  readonly kind: (typeof kinds)[number];
  readonly who: number;
  readonly what: number;
}
const kinds = [
  ...(["send", "send", "send", "edit", "delete", "react", "unreact", "read"] as const),
  ...(["add", "remove", "leave", "rename", "burst"] as const),
  ...(["drop", "resume", "pause", "unpause", "forget", "step", "check"] as const),
];
const steps = fc.array(fc.record({ kind: fc.constantFrom(...kinds), who: fc.nat(99), what: fc.nat(99) }), {
  minLength: 20,
  maxLength: 45,
});
const chance = fc.constantFrom(0, 0.1, 0.4);
const misfortunes = fc.record({ lost: chance, doubled: chance, late: chance });

/** Two rooms, four people, a node on a broker that loses, doubles and reorders, and clients that come and go. */
class Run {
  readonly clients: readonly RecordingClient[];
  private feed: Feed;

  constructor(
    readonly rooms: readonly RoomId[],
    private readonly pubsub: LossyPubSub,
  ) {
    const [firstRoom] = rooms;
    const ofOneRoom = people.slice(0, 2).map(({ id }) => new RecordingClient(world, id, firstRoom));
    this.clients = [...people.map(({ id }) => new RecordingClient(world, id)), ...ofOneRoom];
    this.feed = this.newFeed();
  }

  async start(): Promise<void> {
    for (const client of this.clients) await this.connect(client);
  }

  async take(step: Step): Promise<void> {
    const client = pick(this.clients, step.who);
    switch (step.kind) {
      case "burst":
        await Promise.all(
          (["send", "remove", "send", "edit"] as const).map((kind, index) =>
            this.verb({ kind, who: step.who + index, what: step.what }),
          ),
        );
        return;
      case "drop":
        return client.disconnect();
      case "resume":
        return this.connect(client);
      case "pause":
        return client.pause();
      case "unpause":
        return client.unpause();
      case "forget":
        return this.forget();
      case "step":
        return this.pubsub.step();
      case "check":
        return this.feed.checkMoved();
      default:
        await this.verb({ kind: step.kind, who: step.who, what: step.what });
    }
  }

  /** All that is still on its way may be lost: the log heals. */
  async end(): Promise<void> {
    for (const client of this.clients) {
      client.unpause();
      await this.connect(client);
    }
    await this.feed.checkMoved();
    // Who waits in vain is told by `verify` what is missing.
    const all = async (): Promise<boolean> =>
      (await Promise.all(this.clients.map((client) => this.hasAll(client)))).every(Boolean);
    await until(all).catch(() => {});
  }

  async close(): Promise<void> {
    for (const client of this.clients) await client.disconnect();
    expect(this.feed.hubsOf(this.rooms.map(roomStream))).toEqual([]);
    expect(this.pubsub.subscriptions).toBe(0);
    await this.feed.close();
  }

  private async hasAll(client: RecordingClient): Promise<boolean> {
    if (client.failure !== undefined || !client.isConnected) return true;
    const heads = await viewerHeads(world.database.fork(), client.viewerId);
    return heads.every(({ stream, seq }) => {
      const stretch = client.current(stream);
      return !client.follows(stream) || (stretch?.deliveries.at(-1)?.seq ?? stretch?.after ?? -1) >= seq;
    });
  }

  private async verb(step: Step): Promise<void> {
    await this.perform(step).catch((error: unknown) => {
      if (!(error instanceof DomainError)) throw error;
    });
  }

  private async perform({ kind, who, what }: Step): Promise<unknown> {
    const user = pick(people, who);
    const scope = { actor: user, em: world.database.fork(), services: { ...world.services, pubsub: this.pubsub } };
    const roomId = pick(this.rooms, what);
    const person = { id: pick(people, what).id };
    switch (kind) {
      case "send":
        return sendMessage(scope, { roomId, content: `${user.username} says ${what} to @ben` });
      case "edit":
        return editMessage(scope, { messageId: await this.messageOf(user.id, roomId, what), content: `edited ${who}` });
      case "delete":
        return deleteMessage(scope, { messageId: await this.messageOf(user.id, roomId, what) });
      case "react":
        return addReaction(scope, {
          messageId: await this.messageOf(undefined, roomId, what),
          emoji: pick(["👍", "🎉"], who),
        });
      case "unreact":
        return removeReaction(scope, {
          messageId: await this.messageOf(undefined, roomId, what),
          emoji: pick(["👍", "🎉"], who),
        });
      case "read":
        return markRoomRead(scope, { roomId });
      case "add":
        return addParticipant(scope, { roomId, person });
      case "remove":
        return (await this.mayShrink(roomId, 2)) && removeParticipant(scope, { roomId, person });
      case "leave":
        return (await this.mayShrink(roomId, 2)) && removeParticipant(scope, { roomId, person: { id: user.id } });
      case "rename":
        return renameRoom(scope, { roomId, name: `Room ${what}` });
      default:
        throw new Error(`${kind} is no verb.`);
    }
  }

  private async mayShrink(roomId: RoomId, to: number): Promise<boolean> {
    return (await participantsOf(world.database.fork(), [roomId])).length > to;
  }

  private async messageOf(userId: UserId | undefined, roomId: RoomId, what: number): Promise<number> {
    const rows = await query<{ id: number }>(
      world.database.fork(),
      sql`select id from chat_message where room_id = ${roomId} and deleted_at is null and (${userId ?? null}::int is null or user_id = ${userId ?? null}::int) order by id`,
    );
    return rows.length === 0 ? 1_000_000 : pick(rows, what).id;
  }

  private async connect(client: RecordingClient): Promise<void> {
    if (client.isConnected) return;
    await client.connect(this.feed).catch((error: unknown) => {
      // One's single room is gone for somebody who was removed.
      if (!(error instanceof DomainError && error.code === "NOT_FOUND")) throw error;
    });
  }

  /** The node dies and another one takes over, with nothing in memory. */
  private async forget(): Promise<void> {
    const connected = this.clients.filter((client) => client.isConnected);
    for (const client of connected) await client.disconnect();
    await this.feed.close();
    this.feed = this.newFeed();
    for (const client of connected) await this.connect(client);
  }

  private newFeed(): Feed {
    const { clock } = world;
    return createFeed({
      fork: () => world.database.fork(),
      pubsub: this.pubsub,
      clock,
      logger: pino({ level: "silent" }),
      snapshots: snapshotsOf,
    });
  }
}

function pick<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("There is nothing to pick from.");
  return item;
}

/** P3, P4, P6: what a client got is the log, from where it started to the head or to the end of its access. */
async function verify(
  client: RecordingClient,
  log: (stream: StreamId) => Promise<ReadonlyMap<number, DurableEvent>>,
): Promise<void> {
  if (client.failure !== undefined) throw client.failure;
  const heads = new Map(
    (await viewerHeads(world.database.fork(), client.viewerId)).map(({ stream, seq }) => [stream, seq]),
  );
  for (const [stream, stretches] of client.stretches) {
    const entries = await log(stream);
    for (const { after, isExact, deliveries } of stretches) {
      const seqs = deliveries.map(({ seq }) => seq ?? -1);
      const [first = after + 1] = seqs;
      expect(isExact ? first === after + 1 : first <= after + 1).toBe(true);
      expect(seqs).toEqual(seqs.map((_, index) => first + index));
      for (const { seq, event } of deliveries) expectSame(event, entries.get(seq ?? -1));
    }
    const last = stretches.at(-1);
    const head = heads.get(stream);
    const reached = last?.deliveries.at(-1)?.seq ?? last?.after;
    // In a room that they are in, a connected client has everything; of one that has ended, everything up to its end.
    if (client.isConnected && head !== undefined) expect([stream, reached]).toEqual([stream, head]);
    if (client.isConnected && head === undefined && last?.deliveries.length !== 0)
      expect([stream, client.wasTold(stream)]).toEqual([stream, true]);
  }
}

/** The words of a message that was deleted since are no longer in the log. */
function expectSame(got: unknown, logged: DurableEvent | undefined): void {
  if (logged !== undefined && "message" in logged && logged.message.isDeleted) {
    expect(got).toMatchObject({ kind: logged.kind, message: { id: logged.message.id, no: logged.message.no } });
  } else expect(got).toEqual(logged);
}

test(`P3, P4, P6 under loss, doubling, delay and disorder: every follower gets the log, once, in order, and nothing beyond its removal`, async () => {
  const seen = { events: 0, stretches: 0 };
  await fc.assert(
    fc.asyncProperty(fc.integer(), misfortunes, steps, async (seed, misfortune, script) => {
      const [ada, ben, cleo] = people;
      if (ada === undefined || ben === undefined || cleo === undefined) throw new Error("Nobody is here.");
      const rooms = [await world.group(project, ada, ben, cleo), await world.group(project, ben, ada)].map(
        ({ id }) => id,
      );
      const run = new Run(rooms, createLossyPubSub(seed, misfortune));
      await run.start();
      for (const step of script) await run.take(step);
      await run.end();
      const reader = createFeed({
        fork: () => world.database.fork(),
        pubsub: world.services.pubsub,
        clock: world.clock,
        logger: world.services.logger,
        snapshots: snapshotsOf,
      });
      const logs = new Map<StreamId, Promise<ReadonlyMap<number, DurableEvent>>>();
      const log = (stream: StreamId): Promise<ReadonlyMap<number, DurableEvent>> => {
        const known = logs.get(stream) ?? wholeLog(reader, stream);
        logs.set(stream, known);
        return known;
      };
      for (const client of run.clients) {
        await verify(client, log);
        for (const stretches of client.stretches.values()) {
          seen.stretches += stretches.length;
          seen.events += stretches.reduce((sum, stretch) => sum + stretch.deliveries.length, 0);
        }
      }
      await run.close();
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  // Otherwise it has shown nothing.
  expect(seen.events).toBeGreaterThan(RUNS * 20);
});

async function wholeLog(feed: Feed, stream: StreamId): Promise<ReadonlyMap<number, DurableEvent>> {
  const epoch =
    (await query<{ epoch: string }>(world.database.fork(), sql`select o.epoch || '.1' as epoch from feed_origin o`))[0]
      ?.epoch ?? "";
  const deliveries = await feed.read(stream, epoch, 0, 10_000);
  return new Map(deliveries.flatMap(({ seq, event }) => (seq === null ? [] : [[seq, event as DurableEvent]])));
}
