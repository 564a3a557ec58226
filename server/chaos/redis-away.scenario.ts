import { setTimeout as pause } from "node:timers/promises";
import { figuresByPhase, normalAfterMs, type Phase, type Timing } from "../bench/phases.js";
import { figure } from "../bench/report.js";
import type { History } from "./history.js";
import { Limits } from "./limits.js";
import { judge, onCluster, type Stage } from "./scenario.js";
import { populate } from "./world.js";

const BEFORE_MS = 10_000;
const AWAY_MS = 30_000;
const AFTER_MS = 15_000;
const WRITERS = 5;
const EVERY_MS = 100;
const FOLLOWERS = 9;
const PROMISED_MS = 1_500;
const NORMAL_WITHIN_MS = 2_000;

/** P3: Redis is killed (with `--faults hang` it hangs) under 50 messages a second, and comes back: sends succeed, and the log delivers meanwhile. */
export async function redisAway(stage: Stage): Promise<void> {
  await onCluster(stage, { processes: 2 }, async (played) => {
    const { cluster, crowd } = played;
    const people = Array.from({ length: WRITERS + FOLLOWERS }, (_, index) => index + 1);
    const { rooms } = await populate(cluster, { people: people.length, rooms: [people] });
    const [room = 0] = rooms;
    const followers = people.slice(WRITERS);
    await crowd.follow(
      followers.map((user) =>
        user % 3 === 0 ? { user, by: "chatEvents" } : { user, by: user % 3 === 1 ? "raw" : "chatRoomEvents", room },
      ),
    );
    const sends = (BEFORE_MS + AWAY_MS + AFTER_MS) / EVERY_MS;
    const common = { room, sends, everyMs: EVERY_MS };
    const phases: Phase[] = [{ name: "before", fromMs: Date.now() }];
    const sending = crowd.send(
      people
        .slice(0, WRITERS)
        .map((user) => ({ user, transport: user % 2 === 0 ? "rest" : "graphql-http", ...common })),
    );
    await pause(BEFORE_MS);
    phases.push({ name: "away", fromMs: Date.now() });
    await cluster.redis.takeAway(stage.options.faults?.includes("hang") === true ? "stop" : "kill");
    stage.say("Redis is gone");
    await pause(AWAY_MS);
    await cluster.redis.giveBack();
    phases.push({ name: "back", fromMs: Date.now() });
    stage.say("Redis is back");
    await sending;
    describe(stage, phases, await judge(stage, played));
  });
}

function describe({ report }: Stage, phases: readonly Phase[], history: History): void {
  const timings = deliveryTimes(history);
  const figures = figuresByPhase(timings, phases);
  const rows = figures.map(({ name, count, p50Ms, p99Ms, maxMs }) => [
    name,
    count.toLocaleString("en"),
    ...[p50Ms, p99Ms, maxMs].map(figure),
  ]);
  report.table(
    "From its time in the log until a follower has it",
    ["Redis", "count", "p50 ms", "p99 ms", "max ms"],
    rows,
  );
  const limits = new Limits(report);
  const failed = history.sent.filter(({ outcome, tries }) => outcome !== "ok" || tries > 1).length;
  limits.exactly("failed sends", failed, 0);
  limits.atMost(
    "delivery while it is away, p99 in ms",
    figures.find(({ name }) => name === "away")?.p99Ms,
    PROMISED_MS,
  );
  limits.atMost("normal again after ms", normalAfterMs(timings, phases.at(-1)?.fromMs ?? 0), NORMAL_WITHIN_MS);
  limits.print("redis-away");
}

/** Of every delivery of a message: when it was stored, and how long it took from then. The clock is one machine's. */
export function deliveryTimes({ logs, followed }: History): readonly Timing[] {
  const stored = new Map(logs.map(({ stream, entries }) => [stream, entries]));
  return followed.flatMap(({ spans }) =>
    spans.flatMap(({ stream, events }) =>
      events.flatMap(({ seq, what, atMs }) => {
        const dueMs = stored.get(stream)?.[seq - 1]?.atMs;
        return dueMs === undefined || !what.startsWith("message_sent") ? [] : [{ dueMs, tookMs: atMs - dueMs }];
      }),
    ),
  );
}
