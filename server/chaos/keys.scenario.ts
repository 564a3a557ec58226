import { randomUUID } from "node:crypto";
import type { Transport } from "./history.js";
import { Limits } from "./limits.js";
import { openLine, type Line } from "./lines.js";
import { onCluster, type Stage } from "./scenario.js";
import { populate, tokenOf } from "./world.js";

const KEYS = 2_000;
const WRITERS = 10;
/** Each key goes out over all of these at once. */
const TRANSPORTS: readonly Transport[] = ["graphql-http", "graphql-ws", "rest", "raw", "graphql-ws"];
const TIMEOUT_MS = 20_000;

/** P5: the same person, the same key, five times at once over several nodes and transports: one message. */
export async function keys(stage: Stage): Promise<void> {
  const count = stage.options.sends ?? KEYS;
  await onCluster(stage, { processes: 1 }, async ({ cluster }) => {
    const users = Array.from({ length: WRITERS }, (_, index) => index + 1);
    const { rooms } = await populate(cluster, { people: WRITERS, rooms: [users] });
    const [room = 0] = rooms;
    stage.say(`${count} keys, each sent ${TRANSPORTS.length} times at once`);
    const outcomes = await Promise.all(
      users.map(async (user, place) => {
        const token = await tokenOf(cluster, user);
        const lines = TRANSPORTS.map((transport) =>
          openLine[transport]({ url: stage.random.pick(cluster.nodes).url, token, timeoutMs: TIMEOUT_MS }, room),
        );
        const own = Math.floor(count / WRITERS) + (place < count % WRITERS ? 1 : 0);
        const told = await sendAll(lines, { room, count: own, signal: stage.signal });
        for (const line of lines) line.close();
        return told;
      }),
    );
    const stored = await cluster.postgres.query<{ messages: number; keys: number }>(
      "select count(*)::int as messages, count(distinct (user_id, client_key))::int as keys from chat_message",
    );
    const limits = new Limits(stage.report);
    limits.exactly("messages", stored[0]?.messages ?? 0, count);
    limits.exactly("keys among them", stored[0]?.keys ?? 0, count);
    limits.exactly("sends without an answer", sum(outcomes, "unanswered"), 0);
    limits.exactly("keys that were answered with different messages", sum(outcomes, "different"), 0);
    limits.print("keys");
  });
}

interface Told {
  readonly unanswered: number;
  readonly different: number;
}

const sum = (told: readonly Told[], what: keyof Told): number => told.reduce((total, each) => total + each[what], 0);

async function sendAll(
  lines: readonly Line[],
  { room, count, signal }: { readonly room: number; readonly count: number; readonly signal: AbortSignal },
): Promise<Told> {
  const told = { unanswered: 0, different: 0 };
  for (let index = 0; index < count && !signal.aborted; index += 1) {
    const key = randomUUID();
    const answers = await Promise.all(lines.map((line) => line.send({ room, key, content: key })));
    const ids = answers.flatMap((answer) => (answer.kind === "ok" ? [answer.messageId] : []));
    told.unanswered += answers.length - ids.length;
    if (new Set(ids).size > 1) told.different += 1;
  }
  return told;
}
