import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Client } from "graphql-ws";
import WebSocket from "ws";
import { createApp, type Parts } from "../app.js";
import { loadConfig } from "../config.js";
import { signToken } from "../platform/tokens.js";
import type { TestFile } from "./files.js";
import { UNLIMITED } from "./unlimited.js";
import { operationForm } from "./uploads.js";
import { keepSettingsOutOfLogs } from "./sent-secrets.js";
import { watchLog } from "./watched-log.js";
import { openTestDatabase } from "./world.js";

export interface GraphqlAnswer {
  readonly status: number;
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

/** A server, and how to speak with it. */
export interface Reachable {
  readonly url: string;
  /** A token for anybody, known to the server or not. */
  token(
    person: { readonly hostId: string; readonly username?: string; readonly displayName?: string },
    ttlMs?: number,
  ): Promise<string>;
  /** One GraphQL operation over HTTP. */
  graphql(token: string | undefined, document: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer>;
  /** A graphql-ws client, closed by `hangUp`. */
  socket(token: string): Client;
  hangUp(): Promise<void>;
}

/** A whole server on a free port, as `npm start` makes it, with a client for it. */
export interface TestServer extends Reachable {
  close(): Promise<void>;
}

/** What the host product calls every test server with. */
export const SERVICE_TOKEN = "a-service-token-for-tests-that-is-long-enough";
/** What the tokens of test servers are signed with. */
export const SECRET = "a secret for tests that is long enough";
const HOUR_MS = 3_600_000;

export async function startTestServer(parts: Parts = {}, env: Record<string, string> = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "parley-server-"));
  const settings = { PORT: "0", DATA_DIR: dataDir, JWT_SECRET: SECRET, SERVICE_TOKEN, ...UNLIMITED, ...env };
  keepSettingsOutOfLogs(settings);
  const app = await createApp(loadConfig(settings), {
    logger: watchLog(),
    database: parts.database ?? (await openTestDatabase()),
    ...parts,
  });
  const reachable = reach(app.url, () => parts.clock?.now() ?? new Date());
  return {
    ...reachable,
    async close() {
      await reachable.hangUp();
      await app.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** How to speak with a server that takes tokens signed with `SECRET`, wherever it runs. */
export function reach(url: string, now: () => Date): Reachable {
  const clients: Client[] = [];
  return {
    url,
    async token(person, ttlMs = HOUR_MS) {
      return signToken({
        secret: SECRET,
        hostId: person.hostId,
        username: person.username ?? person.hostId,
        displayName: person.displayName ?? person.hostId,
        ttlMs,
        now,
      });
    },
    graphql: (token, document, variables) => postGraphql(`${url}/graphql`, { token, document, variables }),
    socket(token) {
      const client = createClient({
        url: `${url.replace("http", "ws")}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
        retryAttempts: 0,
      });
      clients.push(client);
      return client;
    },
    async hangUp() {
      for (const client of clients) await client.dispose();
    },
  };
}

/** One GraphQL operation over HTTP, wherever. */
export async function postGraphql(url: string, operation: PostedOperation): Promise<GraphqlAnswer> {
  const { token, document, variables = {}, file } = operation;
  const response = await fetch(url, {
    method: "POST",
    headers: {
      ...(file === undefined ? { "content-type": "application/json" } : { "apollo-require-preflight": "true" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body:
      file === undefined ? JSON.stringify({ query: document, variables }) : operationForm(document, variables, file),
  });
  return parseAnswer(response.status, await response.json());
}

export interface PostedOperation {
  readonly token: string | undefined;
  readonly document: string;
  readonly variables?: Record<string, unknown> | undefined;
  /** The `attachment` of its `input`. */
  readonly file?: TestFile | undefined;
}

function parseAnswer(status: number, body: unknown): GraphqlAnswer {
  const { data, errors } = body as Partial<GraphqlAnswer>;
  return { status, data, errors: errors ?? [] };
}
