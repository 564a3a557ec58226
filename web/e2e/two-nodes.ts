import { randomBytes } from "node:crypto";
import pg from "pg";
import { redisPrefix } from "../../server/broker.js";
import { createPostgresDatabase } from "../../server/test/postgres.js";
import { forgetPrefix, REDIS_URL } from "../../server/test/redis.js";
import { startTcpProxy } from "../../server/test/tcp-proxy.js";
import { until } from "../../server/test/until.js";
import { startServer, type ServerProcess } from "./server.js";

/** Two servers on one PostgreSQL database, which reach Redis through something that can be cut. */
export interface TwoNodes {
  readonly first: ServerProcess;
  readonly second: ServerProcess;
  /** Cuts both from Redis, until both have noticed. */
  loseRedis(): Promise<void>;
  /** Lets both have it again, until both are connected with each other. */
  findRedis(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTwoNodes(): Promise<TwoNodes> {
  const database = await createPostgresDatabase();
  const redis = await startTcpProxy(REDIS_URL);
  const settings = {
    DEMO: "on",
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    JWT_SECRET: randomBytes(48).toString("base64"),
  };
  const first = await startServer(settings);
  const second = await startServer(settings);
  const untilBoth = (broker: RegExp): Promise<unknown> =>
    until(
      async () => broker.test(await brokerOf(first)) && broker.test(await brokerOf(second)),
      `both nodes to say of Redis: ${broker}`,
    );
  return {
    first,
    second,
    async loseRedis() {
      redis.cut();
      await untilBoth(/away/);
    },
    async findRedis() {
      redis.mend();
      await untilBoth(/^redis$/);
    },
    async stop() {
      await first.stop();
      await second.stop();
      await redis.close();
      await forgetPrefix(redisPrefix(await epochOf(database.url)));
      await database.drop();
    },
  };
}

/** What a node says of what connects it with others. */
async function brokerOf({ url }: ServerProcess): Promise<string> {
  const text = await (await fetch(`${url}/readyz`)).text();
  return /"broker":"([^"]*)"/.exec(text)?.[1] ?? "";
}

async function epochOf(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ epoch: string }>("select epoch from feed_origin");
  await client.end();
  return rows[0]?.epoch ?? "";
}
