import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { isMigrated as isDatabaseMigrated, type Database } from "../platform/orm.js";
import { query, sql } from "../platform/sql.js";
import type { PubSub } from "../platform/pubsub/pubsub.js";
import type { Services } from "../platform/scope.js";

/** What an operator asks: is the process there, can it work, and what does it measure. */
export function mountProbes(app: FastifyInstance, database: Database, services: Services): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "parley_node_is_alone",
    help: "1 when no broker connects this node with others.",
    registers: [registry],
    collect() {
      this.set(services.pubsub.reachesOtherNodes && services.pubsub.isConnected ? 0 : 1);
    },
  });
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const isUp = await query(database.fork(), sql`select 1`).then(
      () => true,
      () => false,
    );
    const isMigrated = isUp && (await isDatabaseMigrated(database).catch(() => false));
    const broker = describeBroker(services.pubsub);
    return reply.code(isMigrated ? 200 : 503).send({
      status: isMigrated ? "ok" : "unavailable",
      database: isUp ? database.kind : "away",
      migrations: isMigrated ? "up to date" : "pending",
      broker,
    });
  });
  app.get("/metrics", async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}

/** A node without its broker is still ready: the log delivers. */
function describeBroker({ reachesOtherNodes, isConnected }: PubSub): string {
  if (!reachesOtherNodes) return "in this process only: this node is alone";
  return isConnected ? "redis" : "redis is away: this node is alone, events of others are found in the log";
}
