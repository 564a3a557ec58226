import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { request, type ClientRequest } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import pg from "pg";
import { startMain } from "./main-process.js";
import { jane, john, startMainWorld, type MainWorld } from "./main-world.js";
import { startTestPostgres, type TestPostgres } from "./own-postgres.js";
import { enter, hangUp } from "./raw-socket.js";
import { SECRET } from "./server.js";
import { until } from "./until.js";

// A server that is told to stop, as a process of its own.

jest.setTimeout(120_000);

let postgres: TestPostgres;
let world: MainWorld;
let url: string;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
beforeEach(async () => {
  world = await startMainWorld({ DATABASE_URL: postgres.url });
  ({ url } = world.server);
});
afterEach(async () => {
  hangUp();
  await world.server.hangUp();
  await world.main.end("SIGKILL");
});
afterAll(async () => {
  for (const client of clients) await client.end();
  await postgres.end();
});

const MUTATION = "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id } } }";
const isRefused = (): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    () => false,
    (error: unknown) => Object(Object(error).cause).code === "ECONNREFUSED",
  );

const isStopping = (): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ status }) => status === 503,
    () => true,
  );

const clients: pg.Client[] = [];
async function connectPostgres(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: postgres.url });
  clients.push(client);
  await client.connect();
  return client;
}

/** A message whose file has begun to come, and comes when it is told to. */
async function beginUpload(): Promise<{ readonly sending: ClientRequest; finish(): Promise<number | undefined> }> {
  const boundary = "a-boundary";
  const sending = request(`${url}/api/chat/messages/`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await world.token(john)}`,
      "content-type": `multipart/form-data; boundary=${boundary}`,
      expect: "100-continue",
    },
  });
  const part = (head: string, body: string): string =>
    `--${boundary}\r\ncontent-disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
  // Then the server has it: a request that is still on its way keeps nobody from stopping.
  await once(sending, "continue");
  sending.on("error", () => {});
  sending.write(part('name="room"', world.roomId));
  const answered = once(sending, "response").then(([answer]) => Number(Object(answer).statusCode));
  answered.catch(() => {});
  return {
    sending,
    finish() {
      const head = 'name="attachment"; filename="notes.txt"\r\ncontent-type: text/plain';
      sending.end(`${part(head, "some words")}--${boundary}--\r\n`);
      return answered;
    },
  };
}

/** John follows by the raw WebSocket, and Jane by GraphQL's; with what her socket was closed. */
async function followBoth() {
  const token = await world.token(john);
  const raw = await enter(url, world.roomId, { token });
  const socket = await world.connect(jane);
  const closes: unknown[] = [];
  socket.on("closed", (event) => closes.push(Object(event).code));
  await world.follow(socket, "subscription { chatEvents { seq } }");
  return { token, raw, socket, closes };
}

/** Another room of both: the sends into one wait in line, and only the first of them is seen to wait. */
async function openRoom(): Promise<string> {
  const input = { type: "GROUP", name: "Another", projectId: "apollo", participantIds: [jane.hostId] };
  const { room } = await world.mutate(john, "createChatRoom", input, "room { id }");
  return String(Object(room).id);
}

test("what runs is finished and answered, nobody new is let in, and every socket is told to go on elsewhere", async () => {
  const [first, second] = [await openRoom(), await openRoom()];
  const { token, raw, socket, closes } = await followBoth();
  const upload = await beginUpload();
  const input = (roomId: string, content: string) => ({ input: { roomId, content, clientMutationId: randomUUID() } });

  // The rooms are somebody else's: sends begin, and wait.
  const [other, looking] = [await connectPostgres(), await connectPostgres()];
  await other.query("begin");
  await other.query("select 1 from feed_stream where id = any($1) for update", [
    [first, second, world.roomId].map((roomId) => `r${roomId}`),
  ]);
  const overHttp = world.server.graphql(token, MUTATION, input(first, "over HTTP"));
  const overSocket = world.listen(socket, MUTATION, input(second, "over a socket"));
  const key = randomUUID();
  raw.send({ type: "message_send", content: "over the raw socket", client_mutation_id: key });
  await until(async () => {
    // Not in the transaction, which would see the activity of its beginning.
    const { rows } = await looking.query(
      "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%feed_append%' and pid <> pg_backend_pid()",
    );
    return rows.length === 3;
  }, "three sends to wait");

  world.main.signal("SIGTERM");
  await until(isStopping, "the node to say that it stops");
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ status: "stopping", database: "postgresql" });
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: "ok" });
  await until(isRefused, "nobody new to be let in");
  await other.query("commit");

  expect((await overHttp).errors).toEqual([]);
  expect(await upload.finish()).toBe(201);
  await until(() => overSocket.done, "the answer over the socket");
  expect([overSocket.errors, overSocket.events.length]).toEqual([[], 1]);
  expect(await raw.ended()).toBe(1001);
  expect(raw.frames.find((frame) => frame.client_mutation_id === key)?.type).toBe("message_new");
  await until(() => closes.length > 0, "the close of the socket");
  expect(closes).toEqual([1001]);
  expect(await world.main.exit()).toBe(0);
  expect(world.main.output.stderr).toBe("");
});

test("an upload that never comes to its end keeps nobody from stopping", async () => {
  const upload = await beginUpload();
  world.main.signal("SIGTERM");
  await until(() => upload.sending.closed, "the upload to be cut off");
  expect(await world.main.exit()).toBe(0);
});

test("a database that hangs keeps nobody from stopping: who is here is told to go on elsewhere, and it ends well", async () => {
  const { token, raw, socket, closes } = await followBoth();
  await postgres.pause();
  try {
    const input = { roomId: world.roomId, content: "into the void", clientMutationId: randomUUID() };
    const overHttp = world.server.graphql(token, MUTATION, { input }).catch((error: unknown) => error);
    world.listen(socket, MUTATION, { input: { ...input, clientMutationId: randomUUID() } });
    raw.send({ type: "message_send", content: "into the void", client_mutation_id: randomUUID() });
    world.main.signal("SIGTERM");
    expect(await world.main.exit()).toBe(0);
    await overHttp;
    // Whose own work hangs is not told, but let go.
    expect([await raw.ended(), await until(() => closes[0], "the close of the socket")]).toEqual([1001, 1001]);
  } finally {
    await postgres.resume();
  }
});

test("a start that waits for a database that hangs is ended at once, and well", async () => {
  await postgres.pause();
  try {
    const main = startMain({ JWT_SECRET: SECRET, DATABASE_URL: postgres.url });
    await main.says("stderr", /database/);
    main.signal("SIGTERM");
    expect(await main.exit()).toBe(0);
  } finally {
    await postgres.resume();
  }
});

test.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const)("%s a second time ends it at once", async (signal, status) => {
  await beginUpload();
  world.main.signal(signal);
  await until(isStopping, "it to stop");
  // The same signal twice at once is one.
  await until(() => {
    world.main.signal(signal);
    return "status" in world.main.ended;
  }, "the end");
  expect(world.main.ended).toEqual({ status });
});
