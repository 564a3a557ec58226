import { setTimeout as pause } from "node:timers/promises";
import { Deliveries, readStamp, stampedText, type Tally } from "./deliveries.js";
import { forEach } from "./load.crowd.js";
import { openParleySocket, type ParleySocket } from "./load.sockets.js";
import { userOf, type Seat } from "./plan.js";

export interface CameBack {
  readonly tookMs: number;
  readonly errors: readonly string[];
  /** Of what was missed. */
  readonly tally: Tally;
}

/** Messages that are sent while nobody is there but their sender. */
const MISSED = 3;
const GIVE_UP_MS = 60_000;

/** Connections that break at once and come back at once, each with the newest cursor of its room. */
export class Storm {
  private sockets: ParleySocket[] = [];
  private readonly cursors: string[] = [];
  private deliveries: Deliveries | undefined;
  private run = 0;

  /** @param sender stays, and is none of them */
  constructor(
    private readonly url: string,
    private readonly tokens: (user: number) => Promise<string>,
    private readonly seats: readonly Seat[],
    private readonly sender: ParleySocket,
  ) {}

  /** Everybody comes for the first time, in good order. */
  async gather(): Promise<void> {
    await forEach(this.seats, (_, seat) => this.enter(seat));
    this.count();
    await this.say();
    await this.complete();
  }

  /** Everybody is cut off, and misses something. */
  async scatter(): Promise<void> {
    for (const socket of this.sockets) socket.close();
    this.count();
    await this.say();
  }

  /** Everybody comes back, all at the same moment. */
  async comeBack(): Promise<CameBack> {
    const startMs = performance.now();
    const entered = await Promise.allSettled(this.seats.map((_, seat) => this.enter(seat)));
    const errors = entered.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
    const tally = await this.complete();
    return { tookMs: performance.now() - startMs, errors, tally };
  }

  close(): void {
    for (const socket of this.sockets) socket.close();
  }

  private async enter(seat: number): Promise<void> {
    const { connection, room } = this.seats[seat] ?? { connection: 0, room: 0 };
    const socket = await openParleySocket(this.url, await this.tokens(userOf(connection)));
    this.sockets[seat] = socket;
    const after = this.cursors[seat];
    const followed = { field: "chatEvents", room, after: after === undefined ? [] : [after] } as const;
    await socket.follow(followed, (frame, at) => {
      this.cursors[seat] = cursorIn(frame);
      const stamp = readStamp(frame, at);
      if (stamp.run === this.deliveries?.run) this.deliveries.arrived(seat, stamp);
    });
  }

  private count(): void {
    this.run += 1;
    const rooms = this.seats.map(({ room }) => room);
    this.deliveries = new Deliveries(this.run, MISSED, [...new Set(rooms)], rooms);
  }

  private async say(): Promise<void> {
    for (let index = 0; index < MISSED; index += 1)
      await this.sender.send(this.seats[0]?.room ?? 0, stampedText(this.run, index, performance.now()));
  }

  private async complete(): Promise<Tally> {
    const untilMs = performance.now() + GIVE_UP_MS;
    while (this.deliveries?.isComplete === false && performance.now() < untilMs) await pause(5);
    if (this.deliveries === undefined) throw new Error("Nothing was counted.");
    return this.deliveries.tally();
  }
}

/** The cursor that an event has: the first one in its frame. */
function cursorIn(frame: Buffer): string {
  const { payload } = JSON.parse(frame.toString()) as { payload: { data: { chatEvents: { cursor: string } } } };
  return payload.data.chatEvents.cursor;
}
