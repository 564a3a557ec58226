import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Client } from "graphql-ws";
import { pino } from "pino";
import WebSocket from "ws";
import { createApp, type Parts } from "../app.js";
import { loadConfig } from "../config.js";
import { signToken } from "../platform/tokens.js";
import { blobOf, type TestFile } from "./files.js";
import { openTestDatabase } from "./world.js";

export interface GraphqlAnswer {
  readonly status: number;
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

/** A whole server on a free port, as `npm start` makes it, with a client for it. */
export interface TestServer {
  readonly url: string;
  /** A token for anybody, known to the server or not. */
  token(
    person: { readonly hostId: string; readonly username?: string; readonly displayName?: string },
    ttlMs?: number,
  ): Promise<string>;
  /** One GraphQL operation over HTTP. */
  graphql(token: string | undefined, document: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer>;
  /** A graphql-ws client, closed with the server. */
  socket(token: string): Client;
  close(): Promise<void>;
}

/** What the host product calls every test server with. */
export const SERVICE_TOKEN = "a-service-token-for-tests-that-is-long-enough";
/** What the tokens of test servers are signed with. */
export const SECRET = "a secret for tests that is long enough";
const HOUR_MS = 3_600_000;

export async function startTestServer(parts: Parts = {}, env: Record<string, string> = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "parley-server-"));
  const config = loadConfig({
    PORT: "0",
    DATA_DIR: dataDir,
    JWT_SECRET: SECRET,
    SERVICE_TOKEN,
    LOG_LEVEL: "error",
    ...env,
  });
  const app = await createApp(config, {
    logger: pino({ level: "silent" }),
    database: parts.database ?? (await openTestDatabase()),
    ...parts,
  });
  const clients: Client[] = [];
  return {
    url: app.url,
    token: (person, ttlMs = HOUR_MS) =>
      signToken({
        secret: SECRET,
        hostId: person.hostId,
        username: person.username ?? person.hostId,
        displayName: person.displayName ?? person.hostId,
        ttlMs,
        now: () => parts.clock?.now() ?? new Date(),
      }),
    graphql: (token, document, variables) => postGraphql(`${app.url}/graphql`, { token, document, variables }),
    socket(token) {
      const client = createClient({
        url: `${app.url.replace("http", "ws")}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
        retryAttempts: 0,
      });
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) await client.dispose();
      await app.close();
      await rm(dataDir, { recursive: true, force: true });
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

/** An operation by the multipart request specification: the file is the `attachment` of its `input`. */
export function operationForm(
  document: string,
  variables: Readonly<Record<string, unknown>>,
  file: TestFile,
): FormData {
  const form = new FormData();
  const withoutFile = { input: { ...Object(variables["input"]), attachment: null } };
  form.append("operations", JSON.stringify({ query: document, variables: { ...variables, ...withoutFile } }));
  form.append("map", JSON.stringify({ "0": ["variables.input.attachment"] }));
  form.append("0", blobOf(file), file.name);
  return form;
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
