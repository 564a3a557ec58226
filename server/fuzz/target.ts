import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { createApp, type Parts } from "../app.js";
import { loadConfig } from "../config.js";
import { createLogger } from "../platform/logger.js";
import { signToken } from "../platform/tokens.js";
import { openParserFolder } from "../test/parser-folder.js";
import { keepSettingsOutOfLogs } from "../test/sent-secrets.js";
import { filesIn } from "../test/uploads.js";
import { UNLIMITED } from "../test/unlimited.js";
import { leaksIn } from "../test/watched-log.js";

/** What inputs name by `§room§` and the like. */
export interface Names {
  readonly room: string;
  readonly message: string;
  readonly user: string;
  readonly project: string;
  /** Of an event in the room. */
  readonly cursor: string;
  /** Of a page of messages. */
  readonly page: string;
  readonly epoch: string;
}

export interface TargetFiles {
  readonly stored: readonly string[];
  readonly incoming: readonly string[];
  readonly parsed: readonly string[];
}

/** A whole server with a little in it, which is there to be sent what nobody should. */
export interface Target {
  readonly url: string;
  /** A token of somebody's who is in a room. */
  readonly token: string;
  readonly serviceToken: string;
  /** The files that it has: stored, coming in, or in the hands of the multipart parser. */
  files(): Promise<TargetFiles>;
  /** The same text with the names between § replaced by what they are now. */
  filled(text: string): string;
  /** Makes what was deleted again. */
  renew(): Promise<void>;
  /** One GraphQL operation of that person's; its data. */
  graphql(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  /** What the server has written into its log of its own faults since this was asked last. */
  takeFaults(): readonly string[];
  close(): Promise<void>;
}

const SECRET = "a secret for the fuzzer that is long enough";
const SERVICE_TOKEN = "a-service-token-for-the-fuzzer-that-is-long";
const TOKEN_TTL_MS = 24 * 60 * 60 * 1_000;
const JOHN = { hostId: "john", username: "john", displayName: "John" };

/** @param parts what a test brings along; a server of its own has an embedded database in a temporary folder */
export async function startTarget(parts: Parts = {}): Promise<Target> {
  const dataDir = await mkdtemp(join(tmpdir(), "parley-fuzz-"));
  const parser = await openParserFolder();
  const faults: string[] = [];
  const destination = new Writable({
    write(line: Buffer, _encoding, done) {
      faults.push(line.toString().trim());
      done();
    },
  });
  const environment = {
    ...{ PORT: "0", DATA_DIR: dataDir, JWT_SECRET: SECRET, SERVICE_TOKEN, DEMO: "off" },
    ...UNLIMITED,
  };
  keepSettingsOutOfLogs(environment);
  const logger = createLogger("error", destination);
  const app = await createApp(loadConfig(environment), { logger, webRoot: import.meta.dirname, ...parts });
  const now = (): Date => parts.clock?.now() ?? new Date();
  const token = await signToken({ ...JOHN, secret: SECRET, ttlMs: TOKEN_TTL_MS, now });
  const graphql = (query: string, variables: object = {}) => post(app.url, token, { query, variables });
  await put(app.url, "users", [JOHN, { hostId: "jane" }]);
  let names = await makeNames(app.url, graphql);
  return {
    ...{ url: app.url, token, serviceToken: SERVICE_TOKEN, graphql },
    files: async () => ({
      stored: await filesIn(join(dataDir, "media")),
      incoming: await filesIn(join(dataDir, "incoming")),
      parsed: await filesIn(parser.path),
    }),
    filled: (text) =>
      text.replace(/§(\w+)§/g, (whole, name: string) =>
        name === "uuid" ? randomUUID() : (valueOf(names, name) ?? whole),
      ),
    async renew() {
      names = await makeNames(app.url, graphql);
    },
    takeFaults() {
      return judged(faults.splice(0));
    },
    async close() {
      await app.close();
      await parser.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Faults that were logged, and what of that no log may hold. */
export function judged(faults: readonly string[]): readonly string[] {
  return [...faults, ...leaksIn(faults.join("\n")).map((leak) => `the log holds what none may: ${leak}`)];
}

const valueOf = (names: Names, name: string): string | undefined =>
  Object.entries(names).find(([known]) => known === name)?.[1];

async function put(url: string, path: "users" | "projects", rows: readonly object[]): Promise<void> {
  const named = rows.map((row) =>
    "hostId" in row ? { id: row.hostId, username: row.hostId, display_name: row.hostId } : row,
  );
  const answer = await fetch(`${url}/api/chat/admin/${path}/`, {
    method: "PUT",
    headers: { authorization: `Bearer ${SERVICE_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(named),
  });
  if (!answer.ok) throw new Error(`The target could not be filled: ${await answer.text()}`);
}

type Data = Readonly<Record<string, unknown>>;

async function post(url: string, token: string, body: object): Promise<Data> {
  const answer = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await answer.json()) as { data?: Data | null; errors?: unknown };
  if (data === undefined || data === null || errors !== undefined)
    throw new Error(`The target could not be filled: ${JSON.stringify(errors)}`);
  return data;
}

const CREATE = `mutation ($input: CreateChatRoomInput!) { createChatRoom(input: $input) { room { id headCursor } } }`;
const SEND = `mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id } } }`;
const PAGE = `query ($id: ID!) { chatRoom(id: $id) { headCursor messages(first: 1) { pageInfo { endCursor } } } }`;

/** A project, a room in it, and a message in that. */
async function makeNames(url: string, graphql: Target["graphql"]): Promise<Names> {
  await put(url, "projects", [{ id: "apollo", name: "Apollo", member_ids: ["john", "jane"] }]);
  const created = await graphql(CREATE, {
    input: { projectId: "apollo", type: "GROUP", name: "Room", participantIds: ["jane"] },
  });
  const room = textAt(created, "createChatRoom", "room", "id");
  let message = "";
  for (const content of ["one", "two", "three"])
    message = textAt(await graphql(SEND, { input: { roomId: room, content } }), "sendChatMessage", "message", "id");
  const shown = await graphql(PAGE, { id: room });
  const cursor = textAt(shown, "chatRoom", "headCursor");
  return {
    ...{ room, message, user: "jane", project: "apollo", cursor },
    page: textAt(shown, "chatRoom", "messages", "pageInfo", "endCursor"),
    epoch: Buffer.from(cursor, "base64url").toString().split(":")[1] ?? "",
  };
}

function textAt(data: unknown, ...path: readonly string[]): string {
  let value = data;
  for (const name of path)
    value =
      typeof value === "object" && value !== null
        ? Object.entries(value).find(([key]) => key === name)?.[1]
        : undefined;
  if (typeof value !== "string") throw new Error(`The target has no ${path.join(".")}.`);
  return value;
}
