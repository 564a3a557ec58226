import type { SqlEntityManager } from "@mikro-orm/sql";
import type { Logger } from "pino";
import type { PubSub } from "../../platform/pubsub/pubsub.js";
import type { Clock } from "../../platform/time.js";
import { topicOf, type FeedMessage } from "./feed.actions.js";
import { Hub, type Member } from "./feed.hub.js";
import { entriesAfter, headOf, movedStreams, type MovedStreams } from "./feed.queries.js";
import { createRings } from "./feed.ring.js";
import type { Delivery, DurableEvent, Snapshots } from "./room-event.js";
import { resyncRequired, type StreamId } from "./stream.js";

export interface FeedDependencies {
  /** A fresh entity manager for one read. */
  readonly fork: () => SqlEntityManager;
  readonly pubsub: PubSub;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Reads the people and messages that events name. */
  readonly snapshots: (em: SqlEntityManager, events: readonly DurableEvent[]) => Promise<Snapshots>;
}

/** A place among a stream's followers on this node. */
export interface Membership {
  readonly hub: Hub;
  leave(): void;
}

/** This node's part of the feed: one hub for each stream that somebody here follows. */
export interface Feed {
  join(stream: StreamId, member: Member): Promise<Membership>;
  /** The events after `seq` from the log, in order, with what they name. */
  read(stream: StreamId, epoch: string, afterSeq: number, limit?: number): Promise<readonly Delivery[]>;
  /** The hubs of these streams, as far as somebody here follows them. */
  hubsOf(streams: readonly StreamId[]): readonly Hub[];
  /** Asks the log which streams have moved, and heals those that are followed here. */
  checkMoved(): Promise<void>;
  close(): Promise<void>;
}

const RING_BUDGET_BYTES = 64 * 1024 * 1024;
const PAGE = 500;
/** How often a node asks which streams moved: the safety net for a broker message that was lost. */
const CHECK_EVERY_MS = 1_000;
/** Longer than any statement may run: an entry has its time before it is committed. */
const CHECK_MARGIN_MS = 12_000;

interface Seat {
  readonly hub: Promise<Hub>;
  readonly end: () => Promise<void>;
  /** Members and joins under way: the seat is given up when both are none. */
  claims: number;
}

/** Opens this node's feed. It does nothing until somebody follows a stream. */
export function createFeed(dependencies: FeedDependencies): Feed {
  const { fork, pubsub, clock, logger } = dependencies;
  const newRing = createRings(RING_BUDGET_BYTES);
  const seats = new Map<StreamId, Seat>();
  const open = new Map<StreamId, Hub>();
  let since: string | undefined;
  let stopTimer = (): void => {};

  async function read(stream: StreamId, epoch: string, afterSeq: number, limit = PAGE): Promise<readonly Delivery[]> {
    const em = fork();
    const entries = await entriesAfter(em, stream, afterSeq, limit);
    if (entries.length === 0) return [];
    const snapshots = await dependencies.snapshots(em, entries.map((entry) => entry.event));
    return entries.map(({ seq, event }) => ({ stream, epoch, seq, event, snapshots }));
  }

  function take(stream: StreamId): Seat {
    const known = seats.get(stream);
    if (known !== undefined) return known;
    const opening = openHub(stream);
    const seat: Seat = { hub: opening.then(({ hub }) => hub), end: async () => (await opening).end(), claims: 0 };
    seats.set(stream, seat);
    return seat;
  }

  /** Listens first and reads the head then, so that nothing falls between the two. */
  async function openHub(stream: StreamId): Promise<{ hub: Hub; end: () => Promise<void> }> {
    const early: string[] = [];
    let deliver = (message: string): void => void early.push(message);
    const unsubscribe = await pubsub.subscribe(topicOf(stream), (message) => deliver(message));
    try {
      const head = await headOf(fork(), stream);
      if (head === undefined) throw resyncRequired();
      const log = { read: (id: StreamId, seq: number) => read(id, hub.epoch, seq) };
      const hub = new Hub(stream, head.epoch, head.seq, newRing(), log, clock);
      deliver = (message) => receive(hub, message);
      for (const message of early) deliver(message);
      open.set(stream, hub);
      return { hub, end: unsubscribe };
    } catch (error) {
      await unsubscribe();
      throw error;
    }
  }

  function receive(hub: Hub, message: string): void {
    const parsed = parseMessage(message);
    if ("ephemeral" in parsed) hub.hear(parsed.ephemeral);
    else if ("hint" in parsed) hub.hint(parsed.hint.seq);
    else hub.receive(parsed.delivery, message.length);
  }

  function giveUp(stream: StreamId, seat: Seat): void {
    seat.claims -= 1;
    if (seat.claims > 0 || seats.get(stream) !== seat) return;
    seats.delete(stream);
    open.get(stream)?.close();
    open.delete(stream);
    seat.end().catch((error: unknown) => logger.debug({ err: error, stream }, "unsubscribing failed"));
    if (seats.size === 0) stopTimer();
  }

  function startTimer(): void {
    stopTimer();
    const cancel = clock.after(CHECK_EVERY_MS, () => {
      checkMoved()
        .catch((error: unknown) => logger.warn({ err: error }, "could not ask which streams moved; asking again"))
        .finally(() => seats.size > 0 && startTimer());
    });
    stopTimer = cancel;
  }

  async function checkMoved(): Promise<void> {
    if (open.size === 0) return;
    const moved: MovedStreams = await movedStreams(fork(), since, CHECK_MARGIN_MS);
    since = moved.now;
    await Promise.all(moved.heads.map((head) => open.get(head.stream)?.heal(head.seq)));
  }

  return {
    async join(stream, member) {
      const seat = take(stream);
      seat.claims += 1;
      if (seat.claims === 1 && seats.size === 1) startTimer();
      try {
        const hub = await seat.hub;
        hub.members.add(member);
        let left = false;
        const leave = (): void => {
          if (left) return;
          left = true;
          hub.members.delete(member);
          giveUp(stream, seat);
        };
        return { hub, leave };
      } catch (error) {
        seats.delete(stream);
        throw error;
      }
    },
    read,
    hubsOf: (streams) => streams.flatMap((stream) => open.get(stream) ?? []),
    checkMoved,
    async close() {
      stopTimer();
      const ending = [...seats.values()].map((seat) => seat.end().catch(() => {}));
      seats.clear();
      for (const hub of open.values()) hub.close();
      open.clear();
      await Promise.all(ending);
    },
  };
}

function parseMessage(message: string): FeedMessage {
  return JSON.parse(message) as FeedMessage;
}
