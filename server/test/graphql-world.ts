import { rm } from "node:fs/promises";
import type { Client } from "graphql-ws";
import type { User } from "../features/directory/directory.js";
import type { Database } from "../platform/orm.js";
import { createInProcessPubSub } from "../platform/pubsub/in-process.js";
import { TestClock } from "./clock.js";
import { startTestServer, type GraphqlAnswer, type Reachable, type TestServer } from "./server.js";
import { until } from "./until.js";
import { createWorld, openTestDatabase, silent, type World } from "./world.js";

/** What one subscription has brought so far. */
export interface Heard {
  /** The events in order, each as the document asked for it. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly errors: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
  readonly done: boolean;
  stop(): void;
}

type Fields = Readonly<Record<string, unknown>>;

/** Who somebody is, for the host product. */
export type Person = Pick<User, "hostId" | "username" | "displayName">;

/** A whole server, and people who speak GraphQL with it. */
export interface GraphqlServer<Server extends Reachable = TestServer> {
  readonly server: Server;
  token(user: Person): Promise<string>;
  /** One operation of this person's over HTTP; null is somebody without a token. */
  ask(user: Person | null, document: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer>;
  /** One mutation that must succeed; its payload. */
  mutate(user: Person, name: string, input: Fields, fields: string): Promise<Fields>;
  /** A WebSocket of this person's. */
  connect(user: Person): Promise<Client>;
  /** Starts any operation on a WebSocket. */
  listen(client: Client, document: string, variables?: Record<string, unknown>): Heard;
  /** Starts a subscription and waits until it follows. */
  follow(client: Client, document: string, variables?: Record<string, unknown>): Promise<Heard>;
}

/** A whole server over a small world. */
export interface GraphqlWorld extends GraphqlServer {
  readonly world: World;
  close(): Promise<void>;
}

/** @param prepare changes the database before the server gets it; the world keeps it as it is */
export async function startGraphqlWorld(
  env: Record<string, string> = {},
  prepare: (database: Database) => Database = (database) => database,
): Promise<GraphqlWorld> {
  const database = await openTestDatabase();
  const shared = { pubsub: createInProcessPubSub(silent), clock: new TestClock() };
  const world = await createWorld({ ...shared, database });
  const parts = { ...shared, database: prepare(database) };
  // The same folder: what a verb stores, the server hands out.
  const server = await startTestServer({ ...parts, webRoot: import.meta.dirname }, { DATA_DIR: world.dataDir, ...env });
  return {
    ...speakWith(server),
    world,
    async close() {
      await world.feed.close();
      await server.close();
      await rm(world.dataDir, { recursive: true, force: true });
    },
  };
}

export function speakWith<Server extends Reachable>(server: Server): GraphqlServer<Server> {
  const token = (user: Person): Promise<string> => server.token(user);
  const listen = (client: Client, query: string, variables: Record<string, unknown> = {}): Heard => {
    const heard = {
      events: [] as Record<string, unknown>[],
      errors: [] as Heard["errors"][number][],
      done: false,
      stop: () => {},
    };
    heard.stop = client.subscribe<Record<string, Record<string, unknown>>>(
      { query, variables },
      {
        next({ data, errors }) {
          for (const event of Object.values(data ?? {})) if (event !== null) heard.events.push(event);
          heard.errors.push(...parseErrors(errors ?? []));
        },
        error(errors) {
          heard.errors.push(...parseErrors(errors));
          heard.done = true;
        },
        complete: () => {
          heard.done = true;
        },
      },
    );
    return heard;
  };
  const ask: GraphqlServer["ask"] = async (user, document, variables) =>
    server.graphql(user === null ? undefined : await token(user), document, variables);
  return {
    server,
    token,
    ask,
    async mutate(user, name, input, fields) {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const { data, errors } = await ask(user, `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`, {
        input,
      });
      const payload = data?.[name];
      if (errors.length > 0 || typeof payload !== "object") throw new Error(`${name}: ${JSON.stringify(errors)}`);
      return { ...payload };
    },
    connect: async (user) => server.socket(await token(user)),
    listen,
    async follow(client, document, variables) {
      const heard = listen(client, document, variables);
      await until(() => heard.events.length > 0 || heard.done, "a subscription's first event");
      return heard;
    },
  };
}

function parseErrors(errors: unknown): Heard["errors"] {
  return Array.isArray(errors) ? errors : [{ message: String(errors), extensions: {} }];
}
