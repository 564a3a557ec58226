import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClient, type Client } from "graphql-ws";
import WebSocket from "ws";
import { openTestDatabase } from "../../test/world.js";
import { postGraphql, SERVICE_TOKEN, startTestServer, type TestServer } from "../../test/server.js";
import { NoTrustedDocuments } from "./trusted.js";

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

const VIEWER = "query Viewer {\n  chatViewer {\n    id\n    __typename\n  }\n}";
const EVENTS = "subscription Events {\n  chatEvents {\n    __typename\n  }\n}";
const RENAME =
  "mutation Create($input: CreateChatRoomInput!) {\n  createChatRoom(input: $input) {\n    __typename\n  }\n}";
const FOREIGN = "{ chatViewer { chatUsername } }";
const UNKNOWN = hashOf("a document of an older version");
const GATEWAY_SECRET = "the-secret-that-a-gateway-and-this-server-share";
const ann = { hostId: "ann", username: "ann", displayName: "Ann" };

let root: string;
const servers: TestServer[] = [];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "parley-pages-"));
  const documents = Object.fromEntries([VIEWER, EVENTS, RENAME].map((text) => [hashOf(text), text]));
  await writeFile(join(root, "documents.json"), JSON.stringify(documents));
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await rm(root, { recursive: true });
});

async function start(mode: string, env: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer({ webRoot: root }, { TRUSTED_DOCUMENTS: mode, ...env });
  servers.push(server);
  return server;
}

interface Said {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}
type Sent = Readonly<Record<string, unknown>>;
type Ask = (server: TestServer, sent: Sent) => Promise<Said>;

async function post(server: TestServer, sent: Sent, headers: Record<string, string> = {}): Promise<Said> {
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${await server.token(ann)}`,
      ...headers,
    },
    body: JSON.stringify(sent),
  });
  return (await response.json()) as Said;
}

async function get(server: TestServer, sent: Sent): Promise<Said> {
  const search = new URLSearchParams(
    Object.entries(sent).map(([name, value]): [string, string] => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const headers = { authorization: `Bearer ${await server.token(ann)}`, "apollo-require-preflight": "true" };
  return (await (await fetch(`${server.url}/graphql?${search.toString()}`, { headers })).json()) as Said;
}

async function form(server: TestServer, sent: Sent): Promise<Said> {
  const body = new FormData();
  body.append("operations", JSON.stringify(sent));
  body.append("map", "{}");
  const headers = { authorization: `Bearer ${await server.token(ann)}`, "apollo-require-preflight": "true" };
  return (await (await fetch(`${server.url}/graphql`, { method: "POST", headers, body })).json()) as Said;
}

function connect(server: TestServer, token: string, params: Sent = {}): Client {
  return createClient({
    url: `${server.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}`, ...params },
    retryAttempts: 0,
  });
}

/** The first answer to an operation over WebSocket. */
async function overSocket(server: TestServer, sent: Sent, params: Sent = {}): Promise<Said> {
  const client = connect(server, await server.token(ann), params);
  try {
    return await new Promise<Said>((resolve, reject) => {
      client.subscribe({ query: "", ...sent } as { query: string }, {
        next: (result) => resolve(result as Said),
        error: (errors) =>
          Array.isArray(errors) ? resolve({ errors: errors as NonNullable<Said["errors"]> }) : reject(errors),
        complete: () => {},
      });
    });
  } finally {
    await client.dispose();
  }
}

const byApollo = (hash: string): Sent => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });
const byId = (hash: string): Sent => ({ documentId: `sha256:${hash}` });

const ways: readonly (readonly [string, Ask])[] = [
  ["over HTTP", post],
  ["over HTTP in an address", get],
  ["over HTTP in a form", form],
  ["over WebSocket", overSocket],
];
const VIEWED = { data: { chatViewer: { id: "ann", __typename: "User" } } };
const CLOSED = {
  errors: [
    {
      message: expect.stringContaining("TRUSTED_DOCUMENTS=only"),
      extensions: { code: "BAD_USER_INPUT", field: "documentId" },
    },
  ],
};

describe.each(["on", "only"])("TRUSTED_DOCUMENTS=%s: a registered document is executed by its id alone", (mode) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start(mode);
  });

  test.each(ways)("%s, however the id is written", async (_way, ask) => {
    expect(await ask(server, byApollo(hashOf(VIEWER)))).toMatchObject(VIEWED);
    expect(await ask(server, byId(hashOf(VIEWER)))).toMatchObject(VIEWED);
  });

  test("with variables and an operation's name", async () => {
    const input = { type: "GROUP", name: "x", projectId: "1", participantIds: [] };
    const sent = { ...byApollo(hashOf(RENAME)), operationName: "Create", variables: { input } };
    expect((await post(server, sent)).errors?.[0]?.extensions).toMatchObject({ code: "NOT_FOUND" });
  });

  test("and as text, too", async () => {
    for (const [, ask] of ways) expect(await ask(server, { query: VIEWER })).toMatchObject(VIEWED);
  });

  test("a subscription is one, too", async () => {
    expect(await overSocket(server, byApollo(hashOf(EVENTS)))).toMatchObject({
      data: { chatEvents: { __typename: "ChatSubscriptionReady" } },
    });
  });

  test("by nobody without a token", async () => {
    const answer = await postGraphql(`${server.url}/graphql`, { token: undefined, document: VIEWER });
    expect([answer.status, answer.errors[0]?.extensions["code"]]).toEqual([401, "UNAUTHENTICATED"]);
    const foreign = await postGraphql(`${server.url}/graphql`, { token: undefined, document: FOREIGN });
    expect(foreign.errors[0]?.extensions["code"]).toBe("UNAUTHENTICATED");
  });
});

describe("TRUSTED_DOCUMENTS=on", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start("on");
  });

  test.each(ways)("executes what people write themselves, %s", async (_way, ask) => {
    expect(await ask(server, { query: FOREIGN })).toMatchObject({ data: { chatViewer: { chatUsername: "ann" } } });
  });

  test.each(ways)("asks for the text of what it does not know, %s", async (_way, ask) => {
    const code = "BAD_USER_INPUT";
    expect(await ask(server, byApollo(UNKNOWN))).toMatchObject({
      errors: [{ message: "PersistedQueryNotFound", extensions: { code } }],
    });
    expect(await ask(server, byId(UNKNOWN))).toMatchObject({
      errors: [{ message: expect.stringContaining("send its text"), extensions: { code, field: "documentId" } }],
    });
  });

  test.each(ways)(
    "executes the text that a client sends with its hash, and remembers nothing of it, %s",
    async (_way, ask) => {
      const both = { query: FOREIGN, ...byApollo(hashOf(FOREIGN)) };
      expect(await ask(server, both)).toMatchObject({ data: { chatViewer: { chatUsername: "ann" } } });
      expect(await ask(server, byApollo(hashOf(FOREIGN)))).toMatchObject({
        errors: [{ message: "PersistedQueryNotFound" }],
      });
    },
  );
});

describe("TRUSTED_DOCUMENTS=only", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start("only", { TRUSTED_GATEWAY_SECRET: GATEWAY_SECRET });
  });

  test.each(ways)("refuses everything else, and says what to do, %s", async (_way, ask) => {
    for (const sent of [
      { query: FOREIGN },
      byApollo(UNKNOWN),
      byId(UNKNOWN),
      { query: FOREIGN, ...byApollo(hashOf(FOREIGN)) },
      { query: "{ __schema { types { name } } }" },
    ])
      expect(await ask(server, sent)).toMatchObject(CLOSED);
  });

  test("nobody gets at another text by the id of one that is registered", async () => {
    for (const [, ask] of ways)
      expect(await ask(server, { query: FOREIGN, ...byApollo(hashOf(VIEWER)) })).toMatchObject(VIEWED);
  });

  test("executes what a gateway sends that knows the secret, and nobody who does not", async () => {
    const answer = { data: { chatViewer: { chatUsername: "ann" } } };
    expect(await post(server, { query: FOREIGN }, { "x-gateway-secret": GATEWAY_SECRET })).toMatchObject(answer);
    expect(await overSocket(server, { query: FOREIGN }, { gatewaySecret: GATEWAY_SECRET })).toMatchObject(answer);
    for (const wrong of ["", "x", `${GATEWAY_SECRET}x`]) {
      expect(await post(server, { query: FOREIGN }, { "x-gateway-secret": wrong })).toMatchObject(CLOSED);
      expect(await overSocket(server, { query: FOREIGN }, { gatewaySecret: wrong })).toMatchObject(CLOSED);
    }
  });

  test("executes the host product's calls", async () => {
    const document = "mutation { upsertChatUsers(input: { users: [] }) { unchanged } }";
    const { data } = await postGraphql(`${server.url}/graphql`, { token: SERVICE_TOKEN, document });
    expect(data).toEqual({ upsertChatUsers: { unchanged: 0 } });
  });

  test("has no GraphiQL", async () => {
    expect((await fetch(`${server.url}/graphiql`)).status).toBe(404);
  });

  test("does not start where the web client has registered nothing", async () => {
    const database = await openTestDatabase();
    const starting = startTestServer({ database, webRoot: import.meta.dirname }, { TRUSTED_DOCUMENTS: "only" });
    await expect(starting).rejects.toThrow(NoTrustedDocuments);
    await database.close();
  });
});

test("TRUSTED_DOCUMENTS=off: no id is known, and any text is executed", async () => {
  const server = await start("off");
  expect(await post(server, byApollo(hashOf(VIEWER)))).toMatchObject({
    errors: [{ message: "PersistedQueryNotFound" }],
  });
  expect(await post(server, { query: FOREIGN })).toMatchObject({ data: { chatViewer: { chatUsername: "ann" } } });
});
