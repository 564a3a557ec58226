import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { ClusterNode } from "./node.js";
import { Limits } from "./limits.js";
import { openReader } from "./reader.js";
import { judge, onCluster, type Played, type Stage } from "./scenario.js";
import { populate, tokenOf, type World } from "./world.js";

const DEPLOYS = 10;
const FOLLOWERS = 30;
const TRANSPORTS = ["graphql-http", "graphql-ws", "rest", "raw"] as const;
const EVERY_MS = 80;
const TALK_MS = 60_000;
const ENDED_WITHIN_MS = 15_000;
const PRESENT_WITHIN_MS = 45_000;
const ASK_EVERY_MS = 250;

/** Nodes are replaced one after the other under load, as a rolling deploy does, and then some die. */
export async function deploys(stage: Stage): Promise<void> {
  const count = stage.options.times["deploy"] ?? DEPLOYS;
  await onCluster(stage, { processes: 2 }, async (played) => {
    const { cluster, crowd } = played;
    const writers = TRANSPORTS.map((_transport, index) => index + 1);
    const people = Array.from({ length: writers.length + FOLLOWERS + 1 }, (_, index) => index + 1);
    const world = await populate(cluster, { people: people.length, rooms: [people] });
    const [room = 0] = world.rooms;
    await crowd.follow(
      people
        .slice(writers.length, -1)
        .map((user) => ({ user, by: user % 2 === 0 ? ("raw" as const) : ("chatRoomEvents" as const), room })),
    );
    const common = { room, sends: TALK_MS / EVERY_MS, everyMs: EVERY_MS };
    const sending = crowd.send(TRANSPORTS.map((transport, index) => ({ user: index + 1, transport, ...common })));
    const limits = new Limits(stage.report);
    const ends: { readonly status: unknown; readonly tookMs: number }[] = [];
    for (let deploy = 0; deploy < count && !stage.signal.aborted; deploy += 1) {
      const node = cluster.nodes[deploy % cluster.nodes.length];
      if (node !== undefined) ends.push(await replace(node));
      stage.say(`${node?.name ?? ""} is replaced (${deploy + 1} of ${count})`);
    }
    await sending;
    limits.exactly("nodes that did not end with 0", ends.filter(({ status }) => status !== 0).length, 0);
    limits.atMost("the slowest end, ms", Math.max(...ends.map(({ tookMs }) => tookMs)), ENDED_WITHIN_MS);
    limits.atMost(
      "gone after a node has died, ms",
      await untilGone(stage, played, { world, room, user: people.length }),
      PRESENT_WITHIN_MS,
    );
    const { sent } = await judge(stage, played);
    limits.exactly("sends that did not succeed in the end", sent.filter(({ outcome }) => outcome !== "ok").length, 0);
    limits.print("deploys");
  });
}

async function replace(node: ClusterNode): Promise<{ readonly status: unknown; readonly tookMs: number }> {
  const startMs = performance.now();
  const status = await node.terminate();
  const tookMs = performance.now() - startMs;
  await node.start();
  return { status, tookMs };
}

const people = z.object({
  chatRoom: z.object({
    participants: z.array(z.object({ user: z.object({ id: z.string(), chatPresence: z.string() }) })),
  }),
});
const PRESENCE = `query ($id: ID!) { chatRoom(id: $id) { participants { user { id chatPresence } } } }`;

interface Somebody {
  readonly world: World;
  readonly room: number;
  readonly user: number;
}

/** How long somebody counts as connected whose node was killed; undefined when it was too long. */
async function untilGone(
  { say }: Stage,
  { cluster }: Played,
  { world, room, user }: Somebody,
): Promise<number | undefined> {
  const presence = async (): Promise<string | undefined> => {
    const answer = people.parse(await world.ask(1, PRESENCE, { id: String(room) }));
    return answer.chatRoom.participants.find((each) => each.user.id === String(user))?.user.chatPresence;
  };
  const node = cluster.nodes.at(-1);
  if (node === undefined) return undefined;
  const reader = await openReader({ url: node.url, token: await tokenOf(cluster, user), roomId: room, way: "raw" });
  if ((await presence()) !== "ONLINE") return undefined;
  const startMs = performance.now();
  await node.kill();
  say(`${node.name} is killed, with somebody on it`);
  while ((await presence()) !== "OFFLINE") {
    if (performance.now() - startMs > PRESENT_WITHIN_MS) return undefined;
    await pause(ASK_EVERY_MS);
  }
  reader.socket.terminate();
  return performance.now() - startMs;
}
