import { setTimeout as pause } from "node:timers/promises";
import { attack, faultNames, schedule, type Done, type FaultName } from "./faults.js";
import type { FollowerPlan } from "./following.js";
import type { Transport } from "./history.js";
import { judge, onCluster, type ChaosOptions, type Stage } from "./scenario.js";
import type { SenderPlan } from "./sender.js";
import { populate, type World } from "./world.js";

interface Size {
  readonly rooms: number;
  readonly followers: number;
  readonly sends: number;
  readonly forMs: number;
}

const TRANSPORTS: readonly Transport[] = ["graphql-http", "graphql-ws", "rest", "raw"];
const SENDERS_PER_ROOM = 2;
/** Who follows all of their rooms is in so many. */
const ROOMS_OF_ONE = 3;
const TELL_EVERY_MS = 5_000;
/** So many sends are work for another process of clients. */
const SENDS_OF_ONE_PROCESS = 5_000;
/** So often within five minutes, unless one says otherwise. */
const TIMES: Readonly<Record<FaultName, number>> = {
  kill: 20,
  stop: 6,
  deploy: 4,
  redis: 5,
  hang: 2,
  postgres: 3,
  terminate: 6,
  network: 15,
  cut: 15,
};
const FOR_MS = 300_000;

/** People write by all transports and follow by all, while everything under them breaks again and again. */
export async function everything(stage: Stage): Promise<void> {
  const { options, random, report, signal, say } = stage;
  const size = sizeOf(options);
  await onCluster(stage, { processes: Math.max(1, Math.round(size.sends / SENDS_OF_ONE_PROCESS)) }, async (played) => {
    const { cluster, crowd } = played;
    const seats = followersIn(size);
    const world = await populate(cluster, populationOf(size, seats));
    await crowd.follow(seats.map((seat) => seat(world)));
    const plan = schedule(timesOf(options), size.forMs, random);
    say(`${size.followers} follow ${size.rooms} rooms; ${size.sends} sends and ${plan.length} faults begin`);
    const done: Done[] = [];
    const tell = (each: Done): void => {
      done.push(each);
      say(each.what);
    };
    const breakThings = async (): Promise<void> => {
      await attack(plan, cluster, { signal, tell });
      signal.throwIfAborted();
      await cluster.heal();
      await crowd.finish();
    };
    const over = new AbortController();
    const work = Promise.all([crowd.send(sendersIn(world, size)), breakThings()]).finally(() => over.abort());
    const progress = async (): Promise<string> => {
      const { finished, delivered, resumes } = await crowd.counts();
      return `${finished} sent, ${delivered} delivered, ${resumes} resumes, ${done.length} of ${plan.length} faults`;
    };
    await Promise.all([work, tellOn(stage, over.signal, progress)]);
    const rows = faultNames.flatMap((name) => {
      const count = done.filter((each) => each.name === name).length;
      return count === 0 ? [] : [[name, String(count)]];
    });
    const failedStarts = cluster.nodes.reduce((sum, node) => sum + node.failedStarts, 0);
    report.table(
      "Faults",
      ["", "count"],
      [...rows, ["starts of a node that had to be tried again", String(failedStarts)]],
    );
    report.result({ what: "attacks", measured: String(done.length) });
    await judge(stage, played);
  });
}

function sizeOf({ rooms = 10, followers = 50, sends = 10_000, minutes }: ChaosOptions): Size {
  return { rooms, followers, sends, forMs: minutes === undefined ? FOR_MS : minutes * 60_000 };
}

/** Those that were asked for, as often as was asked for; otherwise in proportion to the time. */
function timesOf({ faults: wanted, times, minutes }: ChaosOptions): Readonly<Partial<Record<FaultName, number>>> {
  const share = minutes === undefined ? 1 : (minutes * 60_000) / FOR_MS;
  const asked = faultNames.filter((name) => wanted === undefined || wanted.includes(name));
  return Object.fromEntries(asked.map((name) => [name, times[name] ?? Math.ceil(TIMES[name] * share)]));
}

type Seat = (world: World) => FollowerPlan;

/** A third each by `chatRoomEvents`, by the raw WebSocket, and by `chatEvents`. */
function followersIn({ rooms, followers }: Size): readonly Seat[] {
  return Array.from({ length: followers }, (_, index): Seat => {
    const user = index + 1;
    const room = index % rooms;
    if (index % 3 === 2) return () => ({ user, by: "chatEvents" });
    return (world) => ({ user, by: index % 3 === 0 ? "chatRoomEvents" : "raw", room: world.rooms[room] ?? 0 });
  });
}

function populationOf({ rooms, followers }: Size, seats: readonly Seat[]) {
  const senders = (room: number): readonly number[] =>
    Array.from({ length: SENDERS_PER_ROOM }, (_, index) => followers + room * SENDERS_PER_ROOM + index + 1);
  const isIn = (index: number, room: number): boolean => {
    const count = index % 3 === 2 ? Math.min(ROOMS_OF_ONE, rooms) : 1;
    return (room - (index % rooms) + rooms) % rooms < count;
  };
  const membersOf = (room: number): readonly number[] => [
    ...senders(room),
    ...seats.flatMap((_seat, index) => (isIn(index, room) ? [index + 1] : [])),
  ];
  return {
    people: followers + rooms * SENDERS_PER_ROOM,
    rooms: Array.from({ length: rooms }, (_, room) => membersOf(room)),
  };
}

function sendersIn({ rooms }: World, { followers, sends, forMs }: Size): readonly SenderPlan[] {
  const senders = rooms.length * SENDERS_PER_ROOM;
  return Array.from({ length: senders }, (_, index) => {
    const own = Math.floor(sends / senders) + (index < sends % senders ? 1 : 0);
    return {
      user: followers + index + 1,
      room: rooms[Math.floor(index / SENDERS_PER_ROOM)] ?? 0,
      transport: TRANSPORTS[index % TRANSPORTS.length] ?? "rest",
      sends: own,
      everyMs: forMs / Math.max(own, 1),
      abandonShare: 0.05,
      repeatShare: 0.02,
      // As long as something is being broken, somebody writes.
      goesOn: true,
    };
  });
}

/** Says how far it is, every few seconds, until it is over. */
async function tellOn({ say }: Stage, over: AbortSignal, ask: () => Promise<string>): Promise<void> {
  while (!over.aborted) {
    await pause(TELL_EVERY_MS, undefined, { signal: over }).catch(() => {});
    if (!over.aborted) say(await ask());
  }
}
