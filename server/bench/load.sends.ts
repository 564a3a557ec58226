import type { Writer } from "./load.sockets.js";
import { MESSAGE_BYTES } from "./plan.js";
import { quantile } from "./report.js";

export interface Sending {
  /** Taken in turn by each writer. */
  readonly rooms: readonly number[];
  readonly forMs: number;
  /** Each writer ends after so many, if that is earlier. */
  readonly most?: number;
}

export interface Sent {
  readonly count: number;
  readonly tookMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const TEXT = "What somebody has to say. ".repeat(20).slice(0, MESSAGE_BYTES);

/** Each writer sends one message after the other, as fast as the answers come. A refused send fails the run. */
export async function sendForAWhile(
  writers: readonly Writer[],
  { rooms, forMs, most = Infinity }: Sending,
): Promise<Sent> {
  const startMs = performance.now();
  const latenciesMs: number[] = [];
  const write = async (writer: Writer, offset: number): Promise<void> => {
    for (let turn = offset; turn - offset < most && performance.now() - startMs < forMs; turn += 1) {
      const sentMs = performance.now();
      await writer.send(rooms[turn % rooms.length] ?? 0, TEXT);
      latenciesMs.push(performance.now() - sentMs);
    }
  };
  const spacing = Math.ceil(rooms.length / writers.length);
  await Promise.all(writers.map((writer, index) => write(writer, index * spacing)));
  const sorted = latenciesMs.toSorted((left, right) => left - right);
  const at = (share: number): number => quantile(sorted, share);
  return { count: sorted.length, tookMs: performance.now() - startMs, p50Ms: at(0.5), p99Ms: at(0.99) };
}
