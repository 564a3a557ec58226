import { randomUUID } from "node:crypto";
import { readStamp, stampedText } from "./deliveries.js";
import type { FollowedBy } from "./documents.js";
import { Counter, forEach, type Crowd } from "./load.crowd.js";
import {
  openParleySocket,
  openRawSocket,
  type Closable,
  type Followed,
  type OnStamped,
  type ParleySocket,
} from "./load.sockets.js";
import { createTokens } from "./load.tokens.js";
import { MESSAGE_BYTES, userOf, type Seat } from "./plan.js";

/** A subscription has the same id for everybody, as the web client's has, unless it is by UUID. */
function followedBy(by: Exclude<FollowedBy, "raw">, room: number): Followed {
  return by === "chatEvents by UUID" ? { field: "chatEvents", id: randomUUID(), room } : { field: by, room };
}

/** The people who are connected to Parley. They stay connected while they follow one thing after another. */
export class ParleyPeople {
  private readonly sockets = new Map<number, ParleySocket>();
  private readonly tokens: (user: number) => Promise<string>;
  private closed = false;
  /** One frame as the crowd of now got it, cut where its text stands: what the floor broadcasts. */
  sample: readonly [string, string] | undefined;
  /** How many connections the server has ended. */
  dropped = 0;

  constructor(
    private readonly url: string,
    secret: string,
  ) {
    this.tokens = createTokens(secret);
  }

  async connect(connections: readonly number[]): Promise<void> {
    const onClose = (): void => void (this.dropped += this.closed ? 0 : 1);
    await forEach(
      connections.filter((connection) => !this.sockets.has(connection)),
      async (connection) => {
        const token = await this.tokens(userOf(connection));
        this.sockets.set(connection, await openParleySocket(this.url, token, onClose));
      },
    );
  }

  socketOf(connection: number): ParleySocket {
    const socket = this.sockets.get(connection);
    if (socket === undefined) throw new Error(`Connection ${connection} is not there.`);
    return socket;
  }

  /** Has everybody connect and follow their room. Unlike the floor's, a sender over GraphQL is one of the followers. */
  async follow(by: FollowedBy, seats: readonly Seat[]): Promise<Crowd> {
    const counter = new Counter();
    this.sample = undefined;
    const listenerOf =
      (seat: number): OnStamped =>
      (frame, at) => {
        this.sample ??= [frame.toString("utf8", 0, at), frame.toString("utf8", at + MESSAGE_BYTES)];
        counter.arrived(seat, readStamp(frame, at));
      };
    const senders = new Map(seats.map(({ room, connection }) => [room, connection]));
    await this.connect(by === "raw" ? [...senders.values()] : seats.map(({ connection }) => connection));
    const raw: Closable[] = [];
    await forEach(seats, async ({ connection, room }, seat) => {
      if (by !== "raw") return this.socketOf(connection).follow(followedBy(by, room), listenerOf(seat));
      const token = await this.tokens(userOf(connection));
      raw.push(await openRawSocket(this.url, { token, room, onStamped: listenerOf(seat) }));
    });
    return {
      seats,
      count: (deliveries) => counter.count(deliveries),
      send: async (room, run, index, atMs) =>
        this.socketOf(senders.get(room) ?? 0).send(room, stampedText(run, index, atMs)),
      leave: async () => {
        if (by !== "raw") for (const { connection } of seats) this.socketOf(connection).unfollow();
        for (const socket of raw) socket.close();
      },
    };
  }

  close(): void {
    this.closed = true;
    for (const socket of this.sockets.values()) socket.close();
    this.sockets.clear();
  }
}
