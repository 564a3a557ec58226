import { setTimeout as pause } from "node:timers/promises";
import { Deliveries, stampedText, type Tally } from "./deliveries.js";
import type { EventField } from "./documents.js";
import { ParleyPeople, type Crowd } from "./load.crowd.js";
import { figuresByPhase, normalAfterMs, type Phase, type PhaseFigures, type Timing } from "./phases.js";
import { OUTAGE_ROOMS, roomsOf, smallRooms, smallSeats, type Seat } from "./plan.js";
import { serveCalls } from "./worker.js";

/** People who write on one node and people who follow on another, all clients in one process. */

export interface Start {
  /** Where those who write are connected. */
  readonly writersUrl: string;
  /** Where those who follow are connected. */
  readonly followersUrl: string;
  readonly secret: string;
}

export interface Talk {
  readonly messages: number;
  readonly perSecond: number;
}

export interface Heard {
  readonly field: EventField;
  readonly tally: Tally;
  readonly phases: readonly PhaseFigures[];
  /** After the last phase began; undefined when it stayed slow. */
  readonly normalAfterMs: number | undefined;
}

export interface Outcome {
  /** Why sends were refused, each. */
  readonly failures: readonly string[];
  /** From when a message was due until its sender had the answer. */
  readonly sends: readonly PhaseFigures[];
  readonly heard: readonly Heard[];
}

const FIELDS: readonly EventField[] = ["chatRoomEvents", "chatEvents"];
/** How long what is still missing may take. */
const GIVE_UP_MS = 20_000;
/** Whatever comes twice would have come by then: a node looks into the log once a second. */
const SETTLE_MS = 1_500;

const rooms = roomsOf({ first: smallRooms.first, count: OUTAGE_ROOMS });
const crowds = new Map<EventField, Crowd>();
const phases: Phase[] = [];
let writers: ParleyPeople | undefined;
let followers: ParleyPeople | undefined;
let runs = 0;

/** Half of each room follows that room, the other half all of theirs. */
function seatsOf(field: EventField): readonly Seat[] {
  return smallSeats(OUTAGE_ROOMS).filter((_seat, index) => FIELDS[index % FIELDS.length] === field);
}

function writerIn(room: number): number {
  const seat = smallSeats(OUTAGE_ROOMS).find((each) => each.room === room);
  if (seat === undefined) throw new Error(`Nobody writes in room ${room}.`);
  return seat.user;
}

/** Messages at a steady pace into all rooms by turns, whatever becomes of those before. */
async function write({ messages, perSecond }: Talk, failures: string[]): Promise<readonly Timing[]> {
  const startMs = performance.now();
  const answered: Timing[] = [];
  const sends: Promise<void>[] = [];
  for (let index = 0; index < messages; index += 1) {
    const dueMs = startMs + (index * 1_000) / perSecond;
    const earlyMs = dueMs - performance.now();
    if (earlyMs > 0) await pause(earlyMs);
    const room = rooms[index % rooms.length] ?? 0;
    const sending = writers?.socketOf(writerIn(room)).send(room, stampedText(runs, index, dueMs)) ?? Promise.resolve();
    const send = sending.then(
      () => void answered.push({ dueMs, tookMs: performance.now() - dueMs }),
      (error: unknown) => void failures.push(error instanceof Error ? error.message : String(error)),
    );
    sends.push(send);
  }
  await Promise.all(sends);
  return answered;
}

const calls = {
  /** Connects everybody, and has the followers follow. */
  async start({ writersUrl, followersUrl, secret }: Start): Promise<void> {
    writers = new ParleyPeople(writersUrl, secret);
    followers = new ParleyPeople(followersUrl, secret);
    await writers.connect(rooms.map(writerIn));
    for (const field of FIELDS) {
      const seats = seatsOf(field);
      await followers.connect(seats.map(({ user }) => user));
      crowds.set(field, await followers.follow(field, seats));
    }
  },
  /** Another phase begins now. */
  mark(name: string): void {
    phases.push({ name, fromMs: performance.now() });
  },
  async talk(talk: Talk): Promise<Outcome> {
    runs += 1;
    const listening = FIELDS.map((field) => {
      const seatRooms = seatsOf(field).map(({ room }) => room);
      const deliveries = new Deliveries(runs, talk.messages, rooms, seatRooms);
      crowds.get(field)?.count(deliveries);
      return { field, deliveries };
    });
    const failures: string[] = [];
    const answered = await write(talk, failures);
    const giveUpAtMs = performance.now() + GIVE_UP_MS;
    const isComplete = (): boolean => listening.every(({ deliveries }) => deliveries.isComplete);
    while (!isComplete() && performance.now() < giveUpAtMs) await pause(5);
    await pause(SETTLE_MS);
    const heard = listening.map(({ field, deliveries }) => ({
      field,
      tally: deliveries.tally(),
      phases: figuresByPhase(deliveries.timings, phases),
      normalAfterMs: normalAfterMs(deliveries.timings, phases.at(-1)?.fromMs ?? 0),
    }));
    return { failures, sends: figuresByPhase(answered, phases), heard };
  },
};

export type OutageCalls = typeof calls;

serveCalls(calls, async () => {
  writers?.close();
  followers?.close();
});
