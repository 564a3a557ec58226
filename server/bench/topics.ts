import { Redis } from "ioredis";
import { steadyPort } from "./ports.js";
import { startRedis } from "./redis.js";
import { figure, type Report } from "./report.js";

const COUNT = 100_000;
const AT_A_TIME = 1_000;

/** How much memory Redis takes for what nodes listen to, and for who is there. */
export async function measureTopics(report: Report): Promise<void> {
  const redis = await startRedis(await steadyPort());
  if (redis === undefined) throw new Error("There is no redis-server here. Put it on the PATH.");
  const asking = new Redis(redis.url);
  const nodes = [new Redis(redis.url), new Redis(redis.url)] as const;
  const bytesOf = async (run: (from: number) => Promise<unknown>): Promise<string> => {
    const before = parseUsedBytes(await asking.info("memory"));
    for (let from = 0; from < COUNT; from += AT_A_TIME) await run(from);
    return figure((parseUsedBytes(await asking.info("memory")) - before) / COUNT);
  };
  const keys = (name: string, from: number): string[] =>
    Array.from({ length: AT_A_TIME }, (_, index) => `parley:0123456789abcdef:${name}${1_000_000 + from + index}`);
  try {
    const [first, second] = nodes;
    const rows = [
      ["a stream that one node listens to", await bytesOf((from) => first.subscribe(...keys("stream:r", from)))],
      ["each further node that does", await bytesOf((from) => second.subscribe(...keys("stream:r", from)))],
      [
        "a person's lease",
        await bytesOf((from) =>
          asking.sadd(
            "node",
            keys("presence:", from).map((key) => key.slice(24)),
          ),
        ),
      ],
    ];
    report.table("Redis: bytes of memory for each of 100,000", ["what", "bytes"], rows);
  } finally {
    for (const client of [asking, ...nodes]) client.disconnect();
    await redis.end();
  }
}

function parseUsedBytes(info: string): number {
  return Number(/^used_memory:(\d+)/m.exec(info)?.[1]);
}
