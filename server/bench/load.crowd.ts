import { setTimeout as pause } from "node:timers/promises";
import { createTokens } from "./load.tokens.js";
import { readStamp, stampedText, type Deliveries } from "./deliveries.js";
import { openParleySocket, openSocket, type OnStamped, type ParleySocket } from "./load.sockets.js";
import type { EventField } from "./documents.js";
import { MESSAGE_BYTES, type Seat } from "./plan.js";

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
async function forEach<Item>(items: readonly Item[], run: (item: Item, index: number) => Promise<void>): Promise<void> {
  const entries = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of entries) await run(item, index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

/** The people who are connected to Parley. They stay connected while they follow one thing after another. */
export class ParleyPeople {
  private readonly sockets = new Map<number, ParleySocket>();
  /** One frame as it was delivered, cut where its text stands: what the floor broadcasts. */
  sample: readonly [string, string] | undefined;

  constructor(
    private readonly url: string,
    private readonly secret: string,
  ) {}

  async connect(users: readonly number[]): Promise<void> {
    const tokens = createTokens(this.secret);
    await forEach(
      users.filter((user) => !this.sockets.has(user)),
      async (user) => void this.sockets.set(user, await openParleySocket(this.url, await tokens(user))),
    );
  }

  socketOf(user: number): ParleySocket {
    const socket = this.sockets.get(user);
    if (socket === undefined) throw new Error(`Person ${user} is not connected.`);
    return socket;
  }

  /** Has everybody follow their room. Unlike the floor's, a sender is one of the followers. */
  async follow(field: EventField, seats: readonly Seat[]): Promise<Crowd> {
    let deliveries: Deliveries | undefined;
    await forEach(seats, async ({ user, room }, seat) => {
      const onStamped: OnStamped = (frame, at) => {
        this.sample ??= [frame.toString("utf8", 0, at), frame.toString("utf8", at + MESSAGE_BYTES)];
        const stamp = readStamp(frame, at);
        if (stamp.run === deliveries?.run) deliveries.arrived(seat, stamp);
      };
      await this.socketOf(user).follow(field, room, onStamped);
    });
    const senders = new Map(seats.map(({ room, user }) => [room, this.socketOf(user)]));
    return {
      seats,
      count: (counted) => void (deliveries = counted),
      send: async (room, run, index, atMs) => senders.get(room)?.send(room, stampedText(run, index, atMs)),
      leave: async () => {
        for (const { user } of seats) this.socketOf(user).unfollow();
      },
    };
  }

  close(): void {
    for (const socket of this.sockets.values()) socket.close();
    this.sockets.clear();
  }
}

/** The same crowd on the floor, where the frame that Parley delivered is broadcast as it is. */
export async function openFloorCrowd(
  url: string,
  seats: readonly Seat[],
  frame: readonly [string, string],
): Promise<Crowd> {
  const socketUrl = url.replace("http", "ws");
  let deliveries: Deliveries | undefined;
  const followers: { terminate(): void }[] = [];
  await forEach(seats, async ({ room }, seat) => {
    const socket = await openSocket(`${socketUrl}/follow/${room}`);
    followers.push(socket);
    socket.on("message", (data: Buffer) => {
      const stamp = readStamp(data, frame[0].length);
      if (stamp.run === deliveries?.run) deliveries.arrived(seat, stamp);
    });
  });
  const rooms = [...new Set(seats.map(({ room }) => room))];
  const opened = rooms.map(async (room) => [room, await openSocket(`${socketUrl}/send/${room}`)] as const);
  const senders = new Map(await Promise.all(opened));
  return {
    seats,
    count: (counted) => void (deliveries = counted),
    send: async (room, run, index, atMs) =>
      senders.get(room)?.send(`${frame[0]}${stampedText(run, index, atMs)}${frame[1]}`),
    leave: async () => {
      for (const socket of [...followers, ...senders.values()]) socket.terminate();
      await pause(100);
    },
  };
}
