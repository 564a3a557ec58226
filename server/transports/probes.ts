import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import { isMigrated as isDatabaseMigrated } from "../platform/migrate.js";
import type { Database } from "../platform/orm.js";
import { query, sql } from "../platform/sql.js";
import type { HostKeys } from "../platform/keys/host-keys.js";
import type { PubSub } from "../platform/pubsub/pubsub.js";
import { limitNames, type RateLimiter } from "../platform/rates/rate-limiter.js";
import type { Services } from "../platform/scope.js";

/** What a node stands on. */
export interface Foundations {
  readonly database: Database;
  readonly services: Pick<Services, "pubsub" | "limiter">;
  /** Undefined where all tokens are verified with a secret. */
  readonly hostKeys: HostKeys | undefined;
  readonly hasSecret: boolean;
  /** The node is about to stop: nobody shall be sent here any more. */
  readonly isStopping: () => boolean;
}

/** What an operator asks: is the process there, can it work, and what does it measure. */
export function mountProbes(app: FastifyInstance, foundations: Foundations): void {
  const { database, services, hostKeys, hasSecret, isStopping } = foundations;
  const { pubsub, limiter } = services;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "parley_node_is_alone",
    help: "1 when no broker connects this node with others.",
    registers: [registry],
    collect() {
      this.set(pubsub.reachesOtherNodes && pubsub.isConnected ? 0 : 1);
    },
  });
  countRefusals(registry, limiter);
  if (hostKeys !== undefined) {
    new Gauge({
      name: "parley_keys_are_stale",
      help: "1 when the keys of JWT_JWKS_URL could not be refreshed.",
      registers: [registry],
      collect() {
        this.set(hostKeys.state === "current" ? 0 : 1);
      },
    });
  }
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const isUp = await query(database.fork(), sql`select 1`).then(
      () => true,
      () => false,
    );
    const isMigrated = isUp && (await isDatabaseMigrated(database).catch(() => false));
    const canWork = isMigrated && (hasSecret || hostKeys?.state !== "none");
    const status = isStopping() ? "stopping" : canWork ? "ok" : "unavailable";
    return reply.code(status === "ok" ? 200 : 503).send({
      status,
      database: isUp ? database.kind : "away",
      migrations: isMigrated ? "up to date" : "pending",
      broker: describeBroker(pubsub),
      ...(hostKeys === undefined ? {} : { keys: describeKeys(hostKeys) }),
    });
  });
  app.get("/metrics", async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}

/** From the first one on all limits are there: what has never been refused is 0. */
function countRefusals(registry: Registry, { refusals }: RateLimiter): void {
  new Counter({
    name: "parley_rate_limited_total",
    help: "What a rate limit has refused on this node, or left out (typing), by limit.",
    labelNames: ["limit"],
    registers: [registry],
    collect() {
      this.reset();
      for (const limit of limitNames) this.inc({ limit }, refusals[limit]);
    },
  });
}

/** A node without its broker is still ready: the log delivers. */
function describeBroker({ reachesOtherNodes, isConnected }: PubSub): string {
  if (!reachesOtherNodes) return "in this process only: this node is alone";
  return isConnected ? "redis" : "redis is away: this node is alone, events of others are found in the log";
}

/** A node that can't refresh its keys is still ready: tokens are verified with those it knows. */
function describeKeys({ state }: HostKeys): string {
  if (state === "none") return "none: the key set of JWT_JWKS_URL has no usable key";
  return state === "current" ? "current" : "could not be refreshed: tokens are verified with those still known";
}
