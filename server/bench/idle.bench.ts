import { setTimeout as pause } from "node:timers/promises";
import { requireOpenFiles, type Bench } from "./bench.js";
import type { EventField } from "./documents.js";
import type { Side } from "./load.process.js";
import { largestSeats, type Seat } from "./plan.js";
import { figure } from "./report.js";

/** Connections that are there before memory is measured: what is made once must not count. */
const FIRST_CONNECTIONS = 20;
const SIZES = [500, 5_000];
const QUICK_SIZES = [500];
const MINUTE_MS = 60_000;

/** What a connection holds that follows a room in which nothing happens, and whether all of them stay. */
export async function idle(bench: Bench): Promise<void> {
  const sizes = bench.isQuick ? QUICK_SIZES : SIZES;
  requireOpenFiles(Math.max(...sizes));
  // One of the two: whoever has connected stays so, and would cost nothing when they follow by the other, too.
  const field: EventField = bench.isWanted("chatEvents") ? "chatEvents" : "chatRoomEvents";
  const floor = await measure(bench, "floor", field, sizes);
  const parley = await measure(bench, "parley", field, sizes);
  const rows = sizes.map((size, index) => [
    `${size.toLocaleString("en")} by ${field}`,
    ...(parley[index] ?? []).flatMap((kilobytes, column) => [kilobytes, floor[index]?.[column] ?? ""]),
  ]);
  const heads = ["idle connections", "KB in use", "floor", "KB resident", "floor"];
  bench.report.table("Memory per idle subscriber", heads, rows);
}

/** Kilobytes for each connection, in use and resident, with more and more of them. */
async function measure(
  bench: Bench,
  side: Side,
  field: EventField,
  sizes: readonly number[],
): Promise<readonly (readonly string[])[]> {
  const measured = side === "parley" ? bench.server : bench.floor;
  const follow = (seats: readonly Seat[]): Promise<void> => bench.load.call("follow", side, field, seats);
  await follow(largestSeats(FIRST_CONNECTIONS));
  const before = await measured.call("settledUsage");
  const figures: (readonly string[])[] = [];
  for (const size of sizes) {
    await follow(largestSeats(size));
    const after = await measured.call("settledUsage");
    const each = (bytes: number): string => figure(bytes / 1_024 / (size - FIRST_CONNECTIONS));
    figures.push([each(after.heapBytes - before.heapBytes), each(after.rssBytes - before.rssBytes)]);
  }
  if (side === "parley") await stay(bench, `${sizes.at(-1)} by ${field}`);
  await bench.load.call("leave", side);
  return figures;
}

/** All of them are still there after a while; one that is not fails the run. */
async function stay(bench: Bench, what: string): Promise<void> {
  await pause(bench.minutes * MINUTE_MS);
  const dropped = await bench.load.call("dropped");
  if (dropped > 0) bench.report.fault(`${what}: ${dropped} connections were ended within ${bench.minutes} minutes.`);
  else bench.report.note(`${what}: none was ended within ${bench.minutes} minutes.`);
}
