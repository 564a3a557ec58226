import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createLogger } from "../platform/logger.js";
import type { Database } from "../platform/orm.js";
import { dial, hangUp, type Dial } from "./raw-socket.js";
import { SECRET, SERVICE_TOKEN, startTestServer, type TestServer } from "./server.js";
import { until } from "./until.js";
import { formOf, uploadForm } from "./uploads.js";
import { openTestDatabase } from "./world.js";

/** What nobody may find in a log, each in its place: `planted` says what it is. */
const planted = new Map<string, string>([
  ["the secret of tokens", SECRET],
  ["the service token", SERVICE_TOKEN],
]);
function plant(what: string, secret = `planted${planted.size}${randomUUID().replaceAll("-", "")}`): string {
  planted.set(what, secret);
  return secret;
}

const lines: string[] = [];
const destination = new Writable({
  write(chunk: Buffer, _encoding, done) {
    lines.push(chunk.toString());
    done();
  },
});

let server: TestServer;
let database: Database;
let token: string;
beforeAll(async () => {
  database = await openTestDatabase();
  server = await startTestServer({
    database,
    logger: createLogger("trace", destination),
    webRoot: import.meta.dirname,
  });
  const host = { authorization: `Bearer ${SERVICE_TOKEN}`, "content-type": "application/json" };
  const put = async (path: string, rows: unknown) => {
    const answer = await fetch(`${server.url}/api/chat/admin/${path}/`, {
      method: "PUT",
      headers: host,
      body: JSON.stringify(rows),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  await put("users", [{ id: "john", username: "john", display_name: "John" }]);
  await put("projects", [{ id: "apollo", name: "Apollo", member_ids: ["john"] }]);
  token = plant("a token that is valid", await server.token({ hostId: "john" }));
  plant("its signature", token.split(".")[2]);
  const made = await call("POST", "rooms/", { type: "group", name: plant("the name of a room"), project: 1 });
  if (!made.ok) throw new Error(await made.text());
});
afterAll(async () => {
  hangUp();
  await server.close();
});

const call = (method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}/api/chat/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const SEND = "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id } } }";

/** Everything that carries a secret, by whatever way, once. */
async function everything(): Promise<void> {
  const room = 1;
  const bad = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.${plant("a token that is not valid")}`;
  await call("GET", "rooms/", undefined, { authorization: `Bearer ${bad}` });
  await call("GET", "rooms/", undefined, { authorization: `Basic ${plant("a password")}` });
  await call("GET", "rooms/", undefined, { cookie: `session=${plant("a cookie")}` });
  await call("PUT", "admin/users/", [], { authorization: `Bearer ${plant("a service token that is not ours")}` });
  await call("GET", `rooms/?token=${plant("a token in an address")}`, undefined);
  await call("GET", `messages/?search=${plant("what is searched for")}`, undefined);
  await call("POST", "messages/", { room, content: plant("the text of a message by REST") });
  await call("POST", "messages/", { room, content: "x" }, { "idempotency-key": plant("a key that is none") });
  await call("PATCH", "messages/1/", { content: plant("the text of an edit") });
  await call("PATCH", "rooms/1/", { name: plant("the new name of a room") });
  const inVariables = { input: { roomId: "1", content: plant("the text of a message in variables") } };
  await server.graphql(token, SEND, inVariables);
  const literal = plant("the text of a message in a document");
  await server.graphql(
    token,
    `mutation { sendChatMessage(input: { roomId: "1", content: "${literal}" }) { message { id } } }`,
  );
  const words = plant("what is searched for by GraphQL");
  await server.graphql(token, `{ searchChatMessages(query: "${words}") { nodes { id } } }`);
  const file = { name: `${plant("the name of a file")}.txt`, bytes: Buffer.from(plant("the content of a file")) };
  await fetch(`${server.url}/api/chat/messages/`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: formOf(["room", room], ["content", plant("the text beside a file")], ["attachment", file]),
  });
  await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "apollo-require-preflight": "1" },
    body: uploadForm({ roomId: room, content: plant("the text beside a file by GraphQL") }, file),
  });
  const key = "chat_attachments/2026/01/01/0123456789abcdef0123456789abcdef0123.png";
  await fetch(`${server.url}/media/${key}?expires=9999999999&signature=${plant("the signature of an address")}`);
  await overSockets();
}

async function overSockets(): Promise<void> {
  const ends = async (how: Dial) => dial(server.url, 1, how).ended();
  await ends({ token: plant("a token at the upgrade of a raw socket") });
  await ends({ protocols: ["bearer", plant("a token beside the subprotocol")] });
  await ends({ token: plant("a token of a bad address"), query: `?after=${plant("a place in an address")}` });
  const stranger = dial(server.url, 1);
  await stranger.opened();
  stranger.send({ type: "authenticate", token: plant("a token in a frame") });
  await stranger.ended();
  const line = dial(server.url, 1, { token });
  await line.opened();
  if (line.closed.code === undefined) {
    line.send({ type: "message_send", content: plant("the text of a message in a frame") });
    line.send(plant("a frame that is no JSON"));
    await until(() => line.ofType("error").length > 0 || line.closed.code !== undefined, "the answer to a bad frame");
  }
  const client = server.socket(plant("a token in connection_init"));
  await new Promise<void>((resolve) => {
    client.subscribe({ query: "{ chatViewer { id } }" }, { next: () => {}, error: () => resolve(), complete: resolve });
  });
  await client.dispose();
}

test("neither tokens nor passwords nor what people write stand in a log, also when everything fails", async () => {
  await everything();
  const { schema } = database.orm.em.fork().getKysely();
  for (const table of ["chat_message", "chat_room", "chat_participant", "chat_attachment"])
    await schema.alterTable(table).renameTo(`lost_${table}`).execute();
  await everything();
  const log = lines.join("");
  // Otherwise nothing would be found because nothing was written.
  const failures = lines.filter((line) => /"level":50/.test(line)).map((line): unknown => JSON.parse(line));
  expect(failures.length).toBeGreaterThan(8);
  expect(planted.size).toBeGreaterThan(20);
  const found = [...planted].filter(([, secret]) => log.includes(secret)).map(([what]) => what);
  expect(found).toEqual([]);
});
