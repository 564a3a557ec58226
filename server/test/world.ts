import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jest } from "@jest/globals";
import { pino } from "pino";
import { loadConfig } from "../config.js";
import { entities } from "../entities.js";
import type { Project, ProjectId, User } from "../features/directory/directory.js";
import { createFeed, type Feed } from "../features/feed/feed.node.js";
import { checkOrigin } from "../features/feed/feed.origin.js";
import { snapshotsOf } from "../features/messages/message.queries.js";
import { createRoom } from "../features/rooms/room.actions.js";
import type { Room } from "../features/rooms/room.js";
import { openFiles } from "../files.js";
import { migrations } from "../migrations/migrations.js";
import { createInProcessLeases } from "../platform/leases/in-process.js";
import { migrate } from "../platform/migrate.js";
import { openDatabase, type Database } from "../platform/orm.js";
import { createInProcessPubSub } from "../platform/pubsub/in-process.js";
import type { PubSub } from "../platform/pubsub/pubsub.js";
import { createInProcessRates } from "../platform/rates/in-process.js";
import { createRateLimiter } from "../platform/rates/rate-limiter.js";
import { Refusals } from "../platform/refusals.js";
import { RevokedTokens } from "../platform/revoked-tokens.js";
import type { Actor, HostScope, Scope, Services } from "../platform/scope.js";
import { query, queryOne, sql } from "../platform/sql.js";
import type { Via } from "../platform/via.js";
import { TestClock } from "./clock.js";
import { readEmbeddedImage } from "./embedded-image.js";
import { createPostgresDatabase, urlOfDatabase, type PostgresDatabase } from "./postgres.js";
import { UNLIMITED } from "./unlimited.js";

// A database takes its time on a busy machine; who waits in vain says so before this (`until`).
jest.setTimeout(60_000);

/** An empty, migrated database of one's own, embedded and in memory. */
export async function openTestDatabase(): Promise<Database> {
  return openDatabase({ image: await readEmbeddedImage(), entities, migrations });
}

/** An empty, migrated database of one's own on the real PostgreSQL, dropped when it is closed. */
export async function openPostgresTestDatabase(created?: PostgresDatabase): Promise<Database> {
  const { url, drop } = created ?? (await createPostgresDatabase());
  const database = await openDatabase({ url, entities, migrations });
  await migrate(database, migrations);
  await checkOrigin(database.fork());
  return {
    ...database,
    async close() {
      await database.close();
      await drop();
    },
  };
}

/** The same database over connections of its own, as another node has it. */
export async function openPostgresTestDatabaseAgain(database: Database): Promise<Database> {
  const row = await queryOne<{ name: string }>(database.fork(), sql`select current_database() as name`);
  return openDatabase({ url: urlOfDatabase(row?.name ?? ""), entities, migrations });
}

/** A small world to test verbs in: a database, a node's services and feed, people and projects as one asks for them. */
export interface World {
  readonly database: Database;
  readonly services: Services;
  readonly feed: Feed;
  readonly clock: TestClock;
  /** Where files are kept. */
  readonly dataDir: string;
  /** A new person, in these projects. */
  person(username: string, ...projects: readonly Project[]): Promise<User>;
  project(name: string): Promise<Project>;
  /** What a verb gets when this person calls it. */
  as(user: User): Scope;
  /** What a verb gets when the host product calls it. */
  host(): HostScope;
  /** A group of its first member's, in a project. */
  group(project: Project, owner: User, ...others: readonly User[]): Promise<Room>;
  close(): Promise<void>;
}

/** The logger of a test that does not look at the log. */
export const silent = pino({ level: "silent" });

/** By which way tests call verbs. */
export const NOWHERE: Via = { transport: "graphql", address: "", requestId: "" };

export async function createWorld(
  parts: { readonly database?: Database; readonly pubsub?: PubSub; readonly clock?: TestClock } = {},
): Promise<World> {
  const database = parts.database ?? (await openTestDatabase());
  const clock = parts.clock ?? new TestClock();
  const pubsub = parts.pubsub ?? createInProcessPubSub(silent);
  const logger = silent;
  const dataDir = await mkdtemp(join(tmpdir(), "parley-world-"));
  const files = await openFiles(loadConfig({ DATA_DIR: dataDir }), database, clock);
  const limiter = createRateLimiter(loadConfig(UNLIMITED).rateLimits, createInProcessRates(clock));
  const [leases, revokedTokens] = [createInProcessLeases(), new RevokedTokens()];
  const refusals = new Refusals(clock);
  const services: Services = { pubsub, clock, logger, files, leases, limiter, revokedTokens, refusals };
  const feed = createFeed({ fork: () => database.fork(), pubsub, clock, logger, snapshots: snapshotsOf });
  const as = (user: Actor): Scope => ({ actor: user, via: NOWHERE, em: database.fork(), services });
  return {
    database,
    services,
    feed,
    clock,
    dataDir,
    as,
    host: () => ({ caller: "host", via: NOWHERE, em: database.fork(), services }),
    async person(username, ...projects) {
      const displayName = username.charAt(0).toUpperCase() + username.slice(1);
      const hostId = `host-${username}`;
      const row = await queryOne<{ id: User["id"] }>(
        database.fork(),
        sql`insert into chat_user (host_id, username, display_name) values (${hostId}, ${username}, ${displayName}) returning id`,
      );
      if (row === undefined) throw new Error("The person was not stored.");
      for (const project of projects) {
        await query(
          database.fork(),
          sql`insert into chat_membership (project_id, user_id) values (${project.id}, ${row.id})`,
        );
      }
      return { id: row.id, hostId, username, displayName };
    },
    async project(name) {
      const hostId = `host-${name}`;
      const row = await queryOne<{ id: ProjectId }>(
        database.fork(),
        sql`insert into chat_project (host_id, name) values (${hostId}, ${name}) returning id`,
      );
      if (row === undefined) throw new Error("The project was not stored.");
      return { id: row.id, hostId, name };
    },
    async group(project, owner, ...others) {
      const participants = others.map((user) => ({ id: user.id }));
      const { room } = await createRoom(as(owner), {
        type: "group",
        name: "Group",
        project: { id: project.id },
        participants,
      });
      return room;
    },
    async close() {
      await feed.close();
      files.storage.close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
