import { setTimeout as pause } from "node:timers/promises";
import type { FollowedBy } from "./documents.js";
import { Deliveries, type Tally } from "./deliveries.js";
import type { HostileOperation } from "../fuzz/hostile-documents.js";
import { openFloorCrowd, type Crowd } from "./load.crowd.js";
import { attackForAWhile, openAttacker, waitsAtPace, type Attacker, type Pace } from "./load.hostile.js";
import { ParleyPeople } from "./load.people.js";
import { ask, askForAWhile, askInTurn, type Question, type Served } from "./load.requests.js";
import { sendForAWhile, type Sending, type Sent } from "./load.sends.js";
import { openFloorWriter, type Writer } from "./load.sockets.js";
import { Storm, type CameBack } from "./load.storm.js";
import { createTokens } from "./load.tokens.js";
import type { Seat } from "./plan.js";
import { readUsage } from "./usage.js";
import { serveCalls } from "./worker.js";

/** The load generator: all clients, in a process of its own, which counts whatever reaches them. */

export type Side = "parley" | "floor";

export interface Broadcast {
  readonly side: Side;
  readonly messages: number;
  readonly perSecond: number;
  /** So many are due at the same moment. */
  readonly atOnce: number;
}

/** How long what is still missing may take. */
const GIVE_UP_MS = 20_000;
const QUIET_MS = 250;

let people: ParleyPeople | undefined;
let urls = { parley: "", floor: "", secret: "" };
let storm: Storm | undefined;
const crowds = new Map<Side, Crowd>();
const floorWriters: Writer[] = [];
let runs = 0;
let attacker: Attacker | undefined;

function attacking(): Attacker {
  if (attacker === undefined) throw new Error("Nobody attacks.");
  return attacker;
}

function connected(): ParleyPeople {
  if (people === undefined) throw new Error("Nothing was started.");
  return people;
}

function gathered(): Storm {
  if (storm === undefined) throw new Error("Nobody has gathered.");
  return storm;
}

/** Messages at a steady pace, whether the server keeps up or not: waiting would hide its latency. */
async function broadcast({ side, messages, perSecond, atOnce }: Broadcast): Promise<Tally> {
  const crowd = crowds.get(side);
  if (crowd === undefined) throw new Error(`Nobody follows on the side of ${side}.`);
  runs += 1;
  const seatRooms = crowd.seats.map(({ room }) => room);
  const rooms = [...new Set(seatRooms)];
  const deliveries = new Deliveries(runs, messages, rooms, seatRooms);
  crowd.count(deliveries);
  const startMs = performance.now();
  const sends: Promise<void>[] = [];
  for (let index = 0; index < messages; index += 1) {
    const dueMs = startMs + (Math.floor(index / atOnce) * atOnce * 1_000) / perSecond;
    const earlyMs = dueMs - performance.now();
    if (earlyMs > 0) await pause(earlyMs);
    sends.push(crowd.send(rooms[index % rooms.length] ?? 0, runs, index, dueMs));
  }
  await Promise.all(sends);
  const giveUpAtMs = performance.now() + GIVE_UP_MS;
  while (!deliveries.isComplete && performance.now() < giveUpAtMs) await pause(5);
  // Whatever comes twice would come about now.
  await pause(50);
  return deliveries.tally();
}

/** The connections of these people; on the floor as many, and nobody's. */
async function writersOf(side: Side, people: readonly number[]): Promise<readonly Writer[]> {
  if (side === "parley") return people.map((user) => connected().socketOf(user));
  while (floorWriters.length < people.length) floorWriters.push(await openFloorWriter(urls.floor));
  return floorWriters.slice(0, people.length);
}

const calls = {
  start(parley: string, floor: string, secret: string): void {
    urls = { parley, floor, secret };
    people = new ParleyPeople(parley, secret);
  },
  connect: (users: readonly number[]): Promise<void> => connected().connect(users),
  async follow(side: Side, by: FollowedBy, seats: readonly Seat[]): Promise<void> {
    await crowds.get(side)?.leave();
    const frame = connected().sample ?? (["", ""] as const);
    const crowd = side === "parley" ? connected().follow(by, seats) : openFloorCrowd(urls.floor, seats, frame);
    crowds.set(side, await crowd);
    await pause(QUIET_MS);
  },
  /** Has more people follow beside those who do; they leave together, and what reaches the former is counted no more. */
  async join(by: FollowedBy, seats: readonly Seat[]): Promise<void> {
    const before = crowds.get("parley");
    const joined = await connected().follow(by, seats);
    crowds.set("parley", {
      ...joined,
      async leave() {
        await before?.leave();
        await joined.leave();
      },
    });
  },
  async leave(side: Side): Promise<void> {
    await crowds.get(side)?.leave();
    crowds.delete(side);
    await pause(QUIET_MS);
  },
  broadcast,
  /** How many of Parley's connections the server has ended. */
  dropped: (): number => connected().dropped,
  /** Who will break and come back; the last of them speaks meanwhile, and stays. */
  async gather(seats: readonly Seat[]): Promise<void> {
    const { connection } = seats.at(-1) ?? { connection: 0 };
    await connected().connect([connection]);
    storm = new Storm(urls.parley, createTokens(urls.secret), seats.slice(0, -1), connected().socketOf(connection));
    await storm.gather();
  },
  scatter: (): Promise<void> => gathered().scatter(),
  comeBack: (): Promise<CameBack> => gathered().comeBack(),
  sendForAWhile: async (side: Side, writers: readonly number[], sending: Sending): Promise<Sent> =>
    sendForAWhile(await writersOf(side, writers), sending),
  ask: (question: Question): Promise<unknown> => ask(question),
  askForAWhile: (question: Question, atOnce: number, forMs: number): Promise<Served> =>
    askForAWhile(question, atOnce, forMs),
  askInTurn: (questions: readonly Question[], times: number): Promise<readonly number[]> => askInTurn(questions, times),
  async openAttacker(token: string): Promise<void> {
    attacker = await openAttacker(urls.parley, token);
  },
  attack: (way: "http" | "webSocket", operation: HostileOperation): Promise<void> => attacking()[way](operation),
  attackForAWhile: (operations: readonly HostileOperation[], pace: Pace): Promise<number> =>
    attackForAWhile(attacking(), operations, pace),
  waitsAtPace: (question: Question, pace: Pace): Promise<readonly number[]> => waitsAtPace(question, ask, pace),
  usage: readUsage,
};

export type LoadCalls = typeof calls;

serveCalls(calls, async () => {
  attacker?.close();
  people?.close();
  storm?.close();
  for (const writer of floorWriters) writer.close();
});
