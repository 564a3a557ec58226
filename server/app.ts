import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { FastifyInstance } from "fastify";
import { openBroker } from "./broker.js";
import type { Config } from "./config.js";
import { openReadyDatabase } from "./database.js";
import { loadDemoData } from "./demo/load-demo-data.js";
import { keepRefusals } from "./features/audit/audit.actions.js";
import { startSweep } from "./features/attachments/attachment.sweep.js";
import { createFeed, type Feed } from "./features/feed/feed.node.js";
import { startRetention } from "./features/feed/feed.retention.js";
import { hiddenOf } from "./features/messages/hidden.queries.js";
import { snapshotsOf } from "./features/messages/message.queries.js";
import { listenToAttendance } from "./features/presence/attendance.actions.js";
import { listenToPeople } from "./features/presence/presence.actions.js";
import { followRevocations } from "./features/sessions/revocation.follow.js";
import { openFiles } from "./files.js";
import { createIdentity } from "./identity.js";
import { filesBeside } from "./import/files.js";
import { reportImport } from "./import/import-report.js";
import { openHostKeys, type HostKeys } from "./platform/keys/host-keys.js";
import { createLogger, type Logger } from "./platform/logger.js";
import type { Database } from "./platform/orm.js";
import type { PubSub } from "./platform/pubsub/pubsub.js";
import { createRateLimiter } from "./platform/rates/rate-limiter.js";
import { Refusals } from "./platform/refusals.js";
import { RevokedTokens } from "./platform/revoked-tokens.js";
import type { Services } from "./platform/scope.js";
import { systemClock, type Clock } from "./platform/time.js";
import { watchDatabase } from "./platform/watch-database.js";
import type { Wait } from "./platform/wait.js";
import { createConnections } from "./transports/connections.js";
import { mountControl } from "./transports/control.js";
import { mountDemo } from "./transports/demo.js";
import { createDocuments } from "./transports/graphql/documents.js";
import { mountGraphqlHttp } from "./transports/graphql/http.js";
import { readTrustedDocuments } from "./transports/graphql/trusted.js";
import { createSchema } from "./transports/graphql/schema.js";
import { createGraphqlSocketServer } from "./transports/graphql/websocket.js";
import { acceptUpgrades, createHttpServer, type HttpOptions } from "./transports/http.js";
import { mountMedia } from "./transports/media.js";
import { mountProbes } from "./transports/probes.js";
import { mountOpenApi } from "./transports/rest/document.js";
import { mountRest } from "./transports/rest/rest.js";
import { SOCKET_PATH } from "./transports/socket/admission.js";
import { createRawSocketServer } from "./transports/socket/server.js";
import { Strangers, type StrangerLimits } from "./transports/strangers.js";
import { UploadsUnderWay } from "./transports/uploads.js";
import { mountWebPages } from "./transports/web-pages.js";

/** Parts that a test brings along; everything else is made from the configuration. */
export interface Parts {
  readonly database?: Database;
  readonly pubsub?: PubSub;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Where the built pages are. */
  readonly webRoot?: string;
  /**
   * How the start waits for the database and the host product's keys; without one for as long as it takes, saying so in
   * the log.
   */
  readonly wait?: Wait;
  /** How many sockets may be open at once of whom it is not known who they are. */
  readonly strangers?: StrangerLimits;
  /** By what a command proves that it may use the data folder. Without one, none is obeyed. */
  readonly controlKey?: string | undefined;
}

export interface App {
  /** Where it answers, without a slash at the end. */
  readonly url: string;
  /** Whether it was connected with other nodes at its start; undefined when it shall be alone. */
  readonly isConnected: boolean | undefined;
  /**
   * Finishes what runs, tells clients to go on elsewhere, and lets go of everything.
   * @param noticeMs for so long it only says, by `/readyz`, that it will
   */
  close(noticeMs?: number): Promise<void>;
}

/** What a request (an upload) has not brought by then, when the server stops, is cut off. */
const CUT_OFF_AFTER_MS = 8_000;

/** Puts the server together and starts it. Throws the reason of `parts.wait` when that ends the start. */
export async function createApp(config: Config, parts: Parts = {}): Promise<App> {
  const clock = parts.clock ?? systemClock;
  const logger = parts.logger ?? createLogger(config.log.level);
  const webRoot = parts.webRoot ?? join(import.meta.dirname, "../web");
  const trusted = await readTrustedDocuments(webRoot, config.graphql);
  // Before all else: while it waits, and when the waiting is ended, nothing else is open.
  const wait = parts.wait ?? { stop: new AbortController().signal, say: (line: string) => logger.warn(line) };
  const hostKeys = await findHostKeys(config, { ...parts, clock, logger, wait });
  const node = await openNode(config, { ...parts, clock, logger, wait });
  const { database, services, feed } = node;
  const { pubsub } = services;

  const identity = await createIdentity(config, node, hostKeys);
  const { authenticate, identify, issueToken } = identity;
  const httpOptions: HttpOptions = { logger, ...config.http };
  const http = await createHttpServer(httpOptions);
  const { schema, sdl } = createSchema();
  const documents = { ...createDocuments(schema), trusted };
  const process = { database, services, feed };
  const uploads = new UploadsUnderWay();
  const connections = createConnections(authenticate, process);
  const stopListening = [await connections.listen(), await identity.sessions.listen(services)];
  const graphqlSockets = createGraphqlSocketServer(documents, connections, process);
  const rawSockets = createRawSocketServer({ ...process, connections });
  await mountWebPages(http, {
    root: webRoot,
    graphiql: config.graphql.graphiql,
    uploadMaxBytes: config.uploadMaxBytes,
  });
  await mountGraphqlHttp(http, documents, identify, { ...process, uploads });
  await mountRest(http, identify, { database, services, uploads });
  mountOpenApi(http);
  mountMedia(http, { authenticate, database, services, isEmbedded: config.http.corsOrigins.length > 0 });
  let isStopping = false;
  mountProbes(http, { database, services, hostKeys, hasSecret: identity.hasSecret, isStopping: () => isStopping });
  http.get("/schema.graphql", (_request, reply) => reply.type("text/plain; charset=utf-8").send(sdl));
  if (config.demo) mountDemo(http, { database, services, issueToken });
  await obeyCommands(http, process, { key: parts.controlKey, folder: config.dataDir });
  acceptUpgrades(http, { ...httpOptions, strangers: new Strangers(parts.strangers) }, [
    { path: /^\/graphql$/, transport: "graphql-ws", upgrade: graphqlSockets.upgrade },
    { path: SOCKET_PATH, transport: "socket", upgrade: rawSockets.upgrade },
  ]);
  const url = await http.listen({ port: config.http.port, host: config.http.host });

  return {
    url,
    isConnected: pubsub.reachesOtherNodes ? pubsub.isConnected : undefined,
    async close(noticeMs = 0) {
      isStopping = true;
      if (noticeMs > 0) await sleep(noticeMs);
      const cutOff = setTimeout(() => http.server.closeAllConnections(), CUT_OFF_AFTER_MS);
      await Promise.all([http.close(), graphqlSockets.close(), rawSockets.close()]);
      clearTimeout(cutOff);
      for (const stop of stopListening) await stop();
      await node.close();
      hostKeys?.close();
    },
  };
}

/** What the transports stand on: the database, the other nodes, and this node's part of the feed. */
interface Node {
  readonly database: Database;
  readonly services: Services;
  readonly feed: Feed;
  close(): Promise<void>;
}

type NodeParts = Parts & Required<Pick<Parts, "clock" | "logger" | "wait">>;

async function openNode(config: Config, parts: NodeParts): Promise<Node> {
  const { clock, logger } = parts;
  const { database, epoch } = await openReadyDatabase(config, parts);
  const files = await openFiles(config, database, clock);
  if (config.demo) await loadDemoData({ database, services: { files, clock, logger } });

  const broker = await openBroker({ url: config.redis.url, epoch, clock, logger, pubsub: parts.pubsub });
  const { pubsub, leases, rates } = broker;
  const services: Services = {
    pubsub,
    leases,
    limiter: createRateLimiter(config.rateLimits, rates),
    files,
    revokedTokens: new RevokedTokens(),
    refusals: new Refusals(clock),
    clock,
    logger,
  };
  const fork = (): SqlEntityManager => database.fork();
  const feed = createFeed({ fork, pubsub, clock, logger, snapshots: snapshotsOf });
  const stopListening = [await listenToPeople(services, feed, fork), await listenToAttendance(services, feed, fork)];
  const isShared = database.kind === "postgresql";
  stopListening.push(await followRevocations({ fork, services, isShared }));
  const endRefusals = keepRefusals({ fork, services, hidden: hiddenOf });
  const endRetention = startRetention({ fork, clock, logger, retentionMs: config.feed.eventRetentionMs });
  const endSweep = startSweep({ fork, files, clock, logger });
  const endWatch = watchDatabase({ database, clock, logger });
  return {
    database,
    services,
    feed,
    async close() {
      endWatch();
      await endSweep();
      await endRetention();
      await endRefusals();
      for (const stop of stopListening) await stop();
      await feed.close();
      await broker.close();
      files.storage.close();
      await database.close();
    },
  };
}

async function findHostKeys(config: Config, { clock, logger, wait }: NodeParts): Promise<HostKeys | undefined> {
  const url = config.identity.jwksUrl;
  if (url === undefined) return undefined;
  return openHostKeys({ url, clock, logger }, wait);
}

/** Only one process can open the embedded database: commands for it come here. */
async function obeyCommands(
  http: FastifyInstance,
  { database, services }: { readonly database: Database; readonly services: Services },
  { key, folder }: { readonly key: string | undefined; readonly folder: string },
): Promise<void> {
  if (database.kind !== "embedded" || key === undefined) return;
  await mountControl(http, database, {
    key,
    folder,
    importFile: ({ source, beside, signal }, tell) =>
      reportImport({ database, services }, { source, findFile: filesBeside(beside), signal }, tell),
  });
}
