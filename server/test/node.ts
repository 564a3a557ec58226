import { redisPrefix } from "../broker.js";
import { queryOne, sql } from "../platform/sql.js";
import { TestClock } from "./clock.js";
import { speakWith, type GraphqlServer } from "./graphql-world.js";
import { REDIS_URL } from "./redis.js";
import { startTestServer } from "./server.js";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.js";
import { until } from "./until.js";
import { openPostgresTestDatabaseAgain, type World } from "./world.js";

/** A whole server that is one of several on a world's database: with its own way to Redis, and its own time. */
export interface ServerNode extends GraphqlServer {
  readonly clock: TestClock;
  readonly redis: TcpProxy;
  /** What it says of itself. */
  readyz(): Promise<unknown>;
  /** Breaks its way to Redis, until the node has noticed. */
  loseRedis(): Promise<void>;
  findRedis(): Promise<void>;
  close(): Promise<void>;
}

/** @param env what it is set to, besides where its Redis is */
export async function startServerNode(
  world: World,
  { redisIsAway = false, env = {} }: { readonly redisIsAway?: boolean; readonly env?: Record<string, string> } = {},
): Promise<ServerNode> {
  const clock = new TestClock();
  const redis = await startTcpProxy(REDIS_URL);
  if (redisIsAway) redis.cut();
  const database = await openPostgresTestDatabaseAgain(world.database);
  const parts = { database, clock, webRoot: import.meta.dirname };
  const server = await startTestServer(parts, { ...env, REDIS_URL: redis.url });
  const isAlone = async (): Promise<boolean> =>
    (await (await fetch(`${server.url}/metrics`)).text()).includes("\nparley_node_is_alone 1\n");
  return {
    ...speakWith(server),
    clock,
    redis,
    readyz: async () => (await fetch(`${server.url}/readyz`)).json(),
    async loseRedis() {
      redis.cut();
      await until(isAlone, "the node to notice that Redis is away");
    },
    async findRedis() {
      redis.mend();
      await until(async () => !(await isAlone()), "the node to find Redis again");
    },
    async close() {
      await server.close();
      await redis.close();
    },
  };
}

/** What stands before everything that the nodes of this world have in Redis. */
export async function redisPrefixOf(world: World): Promise<string> {
  const row = await queryOne<{ epoch: string }>(world.database.fork(), sql`select epoch from feed_origin where id = 1`);
  return redisPrefix(row?.epoch ?? "");
}
