import { setTimeout as pause } from "node:timers/promises";
import { quantile } from "../bench/report.js";
import { Limits } from "./limits.js";
import { openLine } from "./lines.js";
import { readLogs } from "./log.js";
import { openReaders, ways, type Asked, type Reader } from "./reader.js";
import { onCluster, type Stage } from "./scenario.js";
import { populate, tokenOf } from "./world.js";
import { eventually } from "./until.js";

const STALLED = 100;
const OTHERS = 30;
const EVENTS = 2_000;
const PER_SECOND = 50;
const WRITERS = 5;
const CONTENT_CHARACTERS = 4_000;
const LOOK_EVERY_MS = 500;
const MORE_MEMORY_MB = 150;
const OTHERS_P99_MS = 300;
const CLOSED_WITHIN_MS = 35_000;
/** How long one that reads on may take until it sees its end: the system's own buffers come first. */
const SEEN_WITHIN_MS = 20_000;

/** A hundred followers stop reading under a flood: the node's memory and everybody else do not notice. */
export async function stalled(stage: Stage): Promise<void> {
  const events = stage.options.sends ?? EVENTS;
  await onCluster(stage, { processes: 1 }, async ({ cluster }) => {
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error("There is no node.");
    const count = stage.options.followers ?? STALLED;
    const people = Array.from({ length: count + OTHERS + WRITERS }, (_, index) => index + 1);
    const { rooms } = await populate(cluster, { people: people.length, rooms: [people] });
    const [room = 0] = rooms;
    const asked = people.slice(WRITERS).map(async (user): Promise<Asked> => {
      const way = ways[user % ways.length] ?? "raw";
      return { url: node.url, token: await tokenOf(cluster, user), roomId: room, way };
    });
    const readers = await openReaders(await Promise.all(asked));
    const [stopped, others] = [readers.slice(0, count), readers.slice(count)];
    const beforeBytes = await node.memoryBytes();
    for (const { socket } of stopped) socket.pause();
    stage.say(`${count} have stopped reading; ${events} events of ${CONTENT_CHARACTERS} characters begin`);
    const over = new AbortController();
    const watching = mostMemory(node, over.signal);
    const tokens = await Promise.all(people.slice(0, WRITERS).map((user) => tokenOf(cluster, user)));
    const refused = await flood(
      tokens.map((token) => ({ token, url: node.url })),
      { room, events },
    );
    await eventually(() => others.every(({ seqs }) => seqs.length >= events), "the others", 30_000).catch(() => {});
    stage.say("the flood is over");
    const stored = (await readLogs(cluster.postgres)).find(({ stream }) => stream === `r${room}`)?.entries ?? [];
    const took = others.flatMap(({ seqs, arrivals }) =>
      seqs.map((seq, index) => (arrivals[index] ?? 0) - (stored[seq - 1]?.atMs ?? 0)),
    );
    await pause(CLOSED_WITHIN_MS);
    const open = await stillOpen(stopped);
    over.abort();
    const limits = new Limits(stage.report);
    limits.exactly("sends that failed", refused, 0);
    limits.exactly("others that have not everything", others.filter((reader) => !hasAll(reader, events)).length, 0);
    limits.atMost("more memory at most, MB", ((await watching) - beforeBytes) / 1e6, MORE_MEMORY_MB);
    limits.atMost(
      "deliveries to the others, p99 in ms",
      quantile(
        took.toSorted((a, b) => a - b),
        0.99,
      ),
      OTHERS_P99_MS,
    );
    limits.exactly(`stalled ones still connected after ${CLOSED_WITHIN_MS / 1_000} s`, open, 0);
    limits.print("stalled");
    for (const { socket } of readers) socket.terminate();
  });
}

async function mostMemory({ memoryBytes }: { memoryBytes(): Promise<number> }, over: AbortSignal): Promise<number> {
  let most = 0;
  while (!over.aborted) {
    most = Math.max(most, await memoryBytes());
    await pause(LOOK_EVERY_MS, undefined, { signal: over }).catch(() => {});
  }
  return most;
}

/** Messages at a steady pace; how many failed. */
async function flood(
  writers: readonly { readonly token: string; readonly url: string }[],
  { room, events }: { readonly room: number; readonly events: number },
): Promise<number> {
  const startMs = performance.now();
  const lines = writers.map((writer) => openLine["graphql-http"]({ ...writer, timeoutMs: 10_000 }, room));
  const sends: Promise<boolean>[] = [];
  for (let index = 0; index < events; index += 1) {
    const earlyMs = startMs + (index * 1_000) / PER_SECOND - performance.now();
    if (earlyMs > 0) await pause(earlyMs);
    const send = { room, key: crypto.randomUUID(), content: `${index} `.padEnd(CONTENT_CHARACTERS, "x") };
    const sending = lines[index % lines.length]?.send(send);
    if (sending !== undefined) sends.push(sending.then(({ kind }) => kind === "ok"));
  }
  return (await Promise.all(sends)).filter((isSent) => !isSent).length;
}

const hasAll = ({ seqs }: Reader, events: number): boolean =>
  seqs.length === events && seqs.every((seq, index) => seq === (seqs[0] ?? 0) + index);

/** Who reads on sees whether the server has ended it; until then nobody who does not read can know. */
async function stillOpen(stopped: readonly Reader[]): Promise<number> {
  for (const { socket } of stopped) socket.resume();
  await eventually(() => stopped.every(({ end }) => end !== undefined), "the ends", SEEN_WITHIN_MS).catch(() => {});
  return stopped.filter(({ end }) => end === undefined).length;
}
