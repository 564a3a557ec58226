import { setTimeout as pause } from "node:timers/promises";
import { readStamp, stampedText, type Deliveries, type Stamp } from "./deliveries.js";
import { openSocket } from "./load.sockets.js";
import type { Seat } from "./plan.js";

/** Many connections to one of the two servers, each following a room. */
export interface Crowd {
  readonly seats: readonly Seat[];
  /** Counts what arrives from now on. */
  count(deliveries: Deliveries): void;
  /** Has a message sent into a room. */
  send(room: number, run: number, index: number, atMs: number): Promise<void>;
  /** Waits until nothing has arrived for a while. */
  leave(): Promise<void>;
}

const AT_ONCE = 20;

/** Runs something for each item, a few at a time. */
export async function forEach<Item>(
  items: readonly Item[],
  run: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const entries = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of entries) await run(item, index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

/** Counts what arrives at a crowd's seats; what belongs to no run, or to an earlier one, is nobody's. */
export class Counter {
  private deliveries: Deliveries | undefined;

  count(deliveries: Deliveries): void {
    this.deliveries = deliveries;
  }

  arrived(seat: number, stamp: Stamp): void {
    if (stamp.run === this.deliveries?.run) this.deliveries.arrived(seat, stamp);
  }
}

/** The same crowd on the floor, where the frame that Parley delivered is broadcast as it is. */
export async function openFloorCrowd(
  url: string,
  seats: readonly Seat[],
  frame: readonly [string, string],
): Promise<Crowd> {
  const socketUrl = url.replace("http", "ws");
  const counter = new Counter();
  const followers: { terminate(): void }[] = [];
  await forEach(seats, async ({ room }, seat) => {
    const socket = await openSocket(`${socketUrl}/follow/${room}`);
    followers.push(socket);
    socket.on("message", (data: Buffer) => counter.arrived(seat, readStamp(data, frame[0].length)));
  });
  const rooms = [...new Set(seats.map(({ room }) => room))];
  const opened = rooms.map(async (room) => [room, await openSocket(`${socketUrl}/send/${room}`)] as const);
  const senders = new Map(await Promise.all(opened));
  return {
    seats,
    count: (deliveries) => counter.count(deliveries),
    send: async (room, run, index, atMs) =>
      senders.get(room)?.send(`${frame[0]}${stampedText(run, index, atMs)}${frame[1]}`),
    leave: async () => {
      for (const socket of [...followers, ...senders.values()]) socket.terminate();
      await pause(100);
    },
  };
}
