import { randomUUID } from "node:crypto";
import { request } from "node:http";
import type { GraphqlServer } from "./graphql-world.js";
import { john } from "./main-world.js";
import { dial, type Dial } from "./raw-socket.js";
import { SERVICE_TOKEN, type Reachable } from "./server.js";
import { until } from "./until.js";
import { formOf, uploadForm } from "./uploads.js";

/** A server with John in a room, to plant secrets in. */
export interface Planting extends GraphqlServer<Reachable> {
  readonly roomId: string;
}

/** Notes a secret, of its own making when none is given, and gives it back. */
export type Plant = (secret?: string) => string;

/** One that no log holds by chance. */
export const newSecret = (): string => `planted${randomUUID().replaceAll("-", "")}`;

/** Plants secrets, and finds them in a log. */
export function startPlanting() {
  /** What nobody may find, and what it is. */
  const planted = new Map<string, string>();
  const planting =
    (what: string): Plant =>
    (secret = newSecret()) => {
      planted.set(secret, what);
      return secret;
    };
  return {
    planting,
    /** Plants everything that carries a secret, by whatever way, once. */
    async plantAll(at: Planting): Promise<void> {
      for (const [what, plantOne] of Object.entries(kinds)) await plantOne(at, planting(what));
    },
    /** What has been planted so far. */
    kinds: (): ReadonlySet<string> => new Set(planted.values()),
    /** What was planted that the log holds. */
    foundIn: (log: string): readonly string[] =>
      [...planted].filter(([secret]) => log.includes(secret)).map(([, what]) => what),
  };
}

/** Every kind of secret that comes to a server, by the way on which it comes. */
export const kinds: Readonly<Record<string, (at: Planting, plant: Plant) => Promise<unknown>>> = {
  "a token that is valid": async (at, plant) => rest(at, "rooms/", { token: plant(await at.token(john)) }),
  "the signature of a token": async (at, plant) => {
    const token = await at.token(john);
    plant(token.split(".")[2]);
    await rest(at, "rooms/", { token });
  },
  "a token that was revoked": async (at, plant) => {
    const token = plant(await at.token(john));
    const tokenId = String(Object(parseClaims(token)).jti);
    await rest(at, "admin/revoke_tokens/", { token: SERVICE_TOKEN, body: { revocations: [{ tokenId }] } });
    await rest(at, "rooms/", { token });
  },
  "a token that is not valid": (at, plant) => rest(at, "rooms/", { token: forged(plant) }),
  "a token that is no JWT": (at, plant) => at.server.graphql(plant(), VIEWER),
  "a password": (at, plant) => rest(at, "rooms/", { headers: { authorization: `Basic ${plant()}` } }),
  "a cookie": (at, plant) => rest(at, "rooms/", { headers: { cookie: `session=${plant()}` } }),
  "the service token": (at, plant) =>
    rest(at, "admin/users/", { method: "PUT", token: plant(SERVICE_TOKEN), body: [] }),
  "a service token that is not ours": (at, plant) =>
    rest(at, "admin/users/", { method: "PUT", token: plant(), body: [] }),
  "a key of the control that is not ours": (at, plant) =>
    fetch(`${at.server.url}/control/users?name=john`, { headers: { authorization: `Bearer ${plant()}` } }),
  "what is imported": async (at, plant) => {
    const asked = request(`${at.server.url}/control/import?beside=/`, { method: "POST", headers: JSON_LINES });
    asked.end(JSON.stringify({ kind: "message", content: plant() }));
    await new Promise((resolve) => asked.once("response", (answer) => answer.resume().once("close", resolve)));
  },
  "the secret of a gateway": (at, plant) =>
    fetch(`${at.server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-gateway-secret": plant() },
      body: JSON.stringify({ query: VIEWER }),
    }),
  "a key of a send that is none": (at, plant) =>
    rest(at, "messages/", { body: { room: at.roomId, content: "x" }, headers: { "idempotency-key": plant() } }),

  "a token in an address": (at, plant) => rest(at, `rooms/?token=${plant()}`),
  "what is searched for by REST": (at, plant) => rest(at, `messages/?search=${plant()}`),
  "the signature of a file's address": (at, plant) =>
    fetch(`${at.server.url}/media/${FILE_KEY}?expires=9999999999&signature=${plant()}`),

  "the text of a message by REST": (at, plant) =>
    rest(at, "messages/", { body: { room: at.roomId, content: plant() } }),
  "the text of an edit": (at, plant) => rest(at, "messages/1/", { method: "PATCH", body: { content: plant() } }),
  "the name of a new room": (at, plant) => rest(at, "rooms/", { body: { type: "group", name: plant(), project: 1 } }),
  "the new name of a room": (at, plant) =>
    rest(at, `rooms/${at.roomId}/`, { method: "PATCH", body: { name: plant() } }),
  "what the host product calls somebody": (at, plant) =>
    rest(at, "admin/users/", {
      ...{ method: "PUT", token: SERVICE_TOKEN },
      body: [{ id: "jim", username: "jim", display_name: plant() }],
    }),
  "the text of a message in variables": async (at, plant) =>
    at.server.graphql(await at.token(john), SEND, { input: { roomId: at.roomId, content: plant() } }),
  "the text of a message in a document": async (at, plant) =>
    at.server.graphql(
      await at.token(john),
      `mutation { sendChatMessage(input: { roomId: "${at.roomId}", content: "${plant()}" }) { message { id } } }`,
    ),
  "what is searched for by GraphQL": async (at, plant) =>
    at.server.graphql(await at.token(john), `{ searchChatMessages(query: "${plant()}") { nodes { id } } }`),

  "the name of a file": (at, plant) => upload(at, { name: plant(`${randomUUID()}.txt`) }),
  "what is in a file": (at, plant) => upload(at, { text: plant() }),
  "the text beside a file by REST": (at, plant) => upload(at, { content: plant() }),
  "the text beside a file by GraphQL": async (at, plant) =>
    fetch(`${at.server.url}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${await at.token(john)}`, "apollo-require-preflight": "1" },
      body: uploadForm({ roomId: at.roomId, content: plant() }, { name: "a.txt", bytes: Buffer.from("a") }),
    }),

  "a token in connection_init": (at, plant) => overGraphqlWs(at, plant(), VIEWER),
  "the text of a message over graphql-ws": async (at, plant) =>
    overGraphqlWs(at, await at.token(john), SEND, { input: { roomId: at.roomId, content: plant() } }),

  "a token at the upgrade of a raw socket": (at, plant) => refused(at, { token: plant() }),
  "a token beside the subprotocol": (at, plant) => refused(at, { protocols: ["bearer", plant()] }),
  "a token in the address of a raw socket": (at, plant) =>
    says(at, { query: `?token=${plant()}` }, { type: "authenticate", token: "none" }),
  "a token in a frame": (at, plant) => says(at, {}, { type: "authenticate", token: plant() }),
  "the text of a message in a frame": async (at, plant) =>
    says(at, { token: await at.token(john) }, { type: "message_send", content: plant() }),
  "a frame that is no JSON": async (at, plant) => says(at, { token: await at.token(john) }, plant()),
};

const JSON_LINES = { authorization: "Bearer none", "content-type": "application/jsonl" };
const VIEWER = "{ chatViewer { id } }";
const SEND = "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id } } }";
const FILE_KEY = "chat_attachments/2026/01/01/0123456789abcdef0123456789abcdef0123.png";

const forged = (plant: Plant): string => `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.${plant()}`;

function parseClaims(token: string): unknown {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as unknown;
}

interface Call {
  /** John's when there is none. */
  readonly token?: string;
  /** POST with a body, and GET without one, when there is none. */
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function rest(at: Planting, path: string, { token, method, body, headers }: Call = {}): Promise<Response> {
  return fetch(`${at.server.url}/api/chat/${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      authorization: `Bearer ${token ?? (await at.token(john))}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function upload(
  at: Planting,
  {
    name = "a.txt",
    text = "a",
    content = "a",
  }: { readonly name?: string; readonly text?: string; readonly content?: string },
): Promise<Response> {
  return fetch(`${at.server.url}/api/chat/messages/`, {
    method: "POST",
    headers: { authorization: `Bearer ${await at.token(john)}` },
    body: formOf(["room", at.roomId], ["content", content], ["attachment", { name, bytes: Buffer.from(text) }]),
  });
}

async function overGraphqlWs(
  at: Planting,
  token: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<void> {
  const client = at.server.socket(token);
  await new Promise<void>((resolve) => {
    client.subscribe({ query, variables }, { next: () => {}, error: () => resolve(), complete: resolve });
  });
  await client.dispose();
}

const refused = (at: Planting, how: Dial): Promise<number> => dial(at.server.url, at.roomId, how).ended();

/** Says something on a raw socket, and waits for whatever is answered; it may have been closed before. */
async function says(at: Planting, how: Dial, frame: object | string): Promise<void> {
  const line = dial(at.server.url, at.roomId, how);
  await line.opened();
  const before = line.frames.length;
  if (line.closed.code === undefined) line.send(frame);
  await until(() => line.frames.length > before || line.closed.code !== undefined, "an answer to a frame");
  line.socket.terminate();
}
