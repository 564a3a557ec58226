import { setTimeout as pause } from "node:timers/promises";
import type { History } from "./history.js";
import { Limits } from "./limits.js";
import type { OwnPostgres } from "./postgres.js";
import { openReader, type Way } from "./reader.js";
import { judge, onCluster, type Stage } from "./scenario.js";
import { populate, tokenOf } from "./world.js";

const FOLLOWERS = 500;
const ROOMS = 10;
const TALK_MS = 30_000;
const EVERY_MS = 250;
const KILL_AFTER_MS = 8_000;
const RESUMED_WITHIN_MS = 10_000;
const MISSED = 10_000;
const CAUGHT_UP_WITHIN_MS = 2_000;

/** P4: a node is killed with everybody on it, and they go on at the others; and somebody comes back after 10,000 events. */
export async function node(stage: Stage): Promise<void> {
  const count = stage.options.followers ?? FOLLOWERS;
  await onCluster(stage, { processes: 2 }, async (played) => {
    const { cluster, crowd } = played;
    const [victim] = cluster.nodes;
    const membersOf = (room: number) =>
      Array.from({ length: count }, (_, index) => index + 1).filter((user) => user % ROOMS === room);
    const writers = Array.from({ length: ROOMS }, (_, room) => count + room + 1);
    const { rooms } = await populate(cluster, {
      people: count + ROOMS,
      rooms: writers.map((writer, room) => [writer, ...membersOf(room)]),
    });
    const limits = new Limits(stage.report);
    for (const way of ["chatRoomEvents", "raw"] as const)
      limits.atMost(
        `${MISSED} missed events by ${way}, ms`,
        await catchUp(stage, { played, room: rooms[0] ?? 0, user: writers[0] ?? 0, way }),
        CAUGHT_UP_WITHIN_MS,
      );
    await crowd.follow(
      rooms.flatMap((room, place) =>
        membersOf(place).map((user) => ({
          user,
          by: user % 2 === 0 ? ("raw" as const) : ("chatRoomEvents" as const),
          room,
          at: 0,
        })),
      ),
    );
    stage.say(`${count} follow at ${victim?.name ?? ""}`);
    const common = {
      transport: "rest",
      sends: TALK_MS / EVERY_MS,
      everyMs: EVERY_MS,
    } as const;
    const sending = crowd.send(writers.map((user, place) => ({ user, room: rooms[place] ?? 0, ...common })));
    await pause(KILL_AFTER_MS);
    await victim?.kill();
    const killedMs = Date.now();
    stage.say("it is killed");
    await sending;
    const { resumes } = await crowd.counts();
    const history = await judge(stage, played);
    limits.atMost("all have resumed after ms", resumedAfterMs(history, killedMs), RESUMED_WITHIN_MS);
    limits.exactly("followers that resumed", Math.min(resumes, count), count);
    limits.print("node");
  });
}

/** When the last of all followers got the first event that was stored after this moment. */
function resumedAfterMs({ logs, followed }: History, killedMs: number): number | undefined {
  const stored = new Map(logs.map(({ stream, entries }) => [stream, entries]));
  const firsts = followed.map(({ spans }) => {
    const later = spans.flatMap(({ stream, events }) =>
      events.filter(({ seq }) => (stored.get(stream)?.[seq - 1]?.atMs ?? 0) >= killedMs),
    );
    return Math.min(...later.map(({ atMs }) => atMs));
  });
  const last = Math.max(...firsts);
  return Number.isFinite(last) ? last - killedMs : undefined;
}

interface CatchUp {
  readonly played: Parameters<Parameters<typeof onCluster>[2]>[0];
  readonly room: number;
  readonly user: number;
  readonly way: Way;
}

/** How long somebody takes, from dialling, who has missed so many events. */
async function catchUp({ random }: Stage, { played, room, user, way }: CatchUp): Promise<number | undefined> {
  const { cluster } = played;
  const asked = { url: random.pick(cluster.nodes).url, token: await tokenOf(cluster, user), roomId: room, way };
  const before = await openReader(asked);
  await append(cluster.postgres, { room, user, count: 1 });
  while (before.seqs.length === 0 && before.end === undefined) await pause(20);
  before.socket.terminate();
  await append(cluster.postgres, { room, user, count: MISSED });
  const startMs = performance.now();
  const after = await openReader({ ...asked, after: before });
  while (after.seqs.length < MISSED && after.end === undefined) await pause(5);
  const tookMs = performance.now() - startMs;
  after.socket.terminate();
  const [first = 0] = after.seqs;
  const isWhole = first === (before.seqs.at(-1) ?? 0) + 1 && after.seqs.every((seq, index) => seq === first + index);
  return isWhole && after.seqs.length >= MISSED ? tookMs : undefined;
}

/** Straight into the log: what it costs to send so many is not what is looked at. */
async function append(
  postgres: OwnPostgres,
  { room, user, count }: { readonly room: number; readonly user: number; readonly count: number },
): Promise<void> {
  const payload = { content: "What was missed.", type: "text", mentionIds: [], clientKey: null };
  await postgres.query(
    `select count(*) from generate_series(1, $1::int) n,
       lateral feed_append_v1($2, case when n > 0 then 'message_sent' end, (select id from chat_user where host_id = $3), $4::jsonb,
         null, null, null, true)`,
    [count, `r${room}`, String(user), JSON.stringify(payload)],
  );
}
