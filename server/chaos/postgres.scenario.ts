import { setTimeout as pause } from "node:timers/promises";
import { Limits } from "./limits.js";
import { judge, onCluster, type Stage } from "./scenario.js";
import { nowMs } from "./sender.js";
import { populate } from "./world.js";

const RESTARTS = 3;
const BETWEEN_MS = 10_000;
const AWAY_MS = 3_000;
const EVERY_MS = 100;
const FOLLOWERS = 60;
const TRANSPORTS = ["graphql-http", "graphql-ws", "rest", "raw"] as const;
const SENDS_WITHIN_MS = 5_000;

/** PostgreSQL is restarted the hard way under everybody: nobody loses a socket, no process ends, and sends go on. */
export async function postgres(stage: Stage): Promise<void> {
  await onCluster(stage, { processes: 2 }, async (played) => {
    const { cluster, crowd } = played;
    const writers = TRANSPORTS.map((_transport, index) => index + 1);
    const people = Array.from({ length: writers.length + FOLLOWERS }, (_, index) => index + 1);
    const { rooms } = await populate(cluster, { people: people.length, rooms: [people] });
    const [room = 0] = rooms;
    await crowd.follow(
      people
        .slice(writers.length)
        .map((user) =>
          user % 3 === 0 ? { user, by: "chatEvents" } : { user, by: user % 3 === 1 ? "raw" : "chatRoomEvents", room },
        ),
    );
    const sends = (RESTARTS * (BETWEEN_MS + AWAY_MS) + BETWEEN_MS) / EVERY_MS;
    const common = { room, sends, everyMs: EVERY_MS };
    const sending = crowd.send(TRANSPORTS.map((transport, index) => ({ user: index + 1, transport, ...common })));
    const backAt: number[] = [];
    for (let restart = 0; restart < RESTARTS; restart += 1) {
      await pause(BETWEEN_MS);
      await cluster.postgres.stop("immediate");
      await pause(AWAY_MS);
      await cluster.postgres.start();
      backAt.push(nowMs());
      stage.say(`PostgreSQL is back (${restart + 1} of ${RESTARTS})`);
    }
    const ended = cluster.nodes.filter(({ isRunning }) => !isRunning).length;
    await sending;
    const { resumes } = await crowd.counts();
    const { sent } = await judge(stage, played);
    const limits = new Limits(stage.report);
    for (const transport of TRANSPORTS) {
      const answered = sent.filter((send) => send.transport === transport).flatMap(({ okMs }) => okMs ?? []);
      const waits = backAt.map((atMs) => Math.min(...answered.filter((okMs) => okMs >= atMs)) - atMs);
      limits.atMost(
        `${transport}: the first send that succeeds after it is back, ms`,
        Math.max(...waits),
        SENDS_WITHIN_MS,
      );
    }
    limits.exactly("sends that did not succeed in the end", sent.filter(({ outcome }) => outcome !== "ok").length, 0);
    limits.exactly("sockets of followers that were dropped", resumes, 0);
    limits.exactly("processes that ended", ended, 0);
    limits.print("postgres");
  });
}
