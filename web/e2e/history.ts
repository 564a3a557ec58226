import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { SignJWT } from "jose";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { picture } from "../../server/test/files.js";
import { startServer } from "./server.js";

const IMPORT = join(import.meta.dirname, "../../dist/server/cli/import.js");
const SECRET = "a secret of the tests that is long enough";
const MINUTE_MS = 60_000;
const PROJECT = 1001;
const ADA = 1001;

/** The room with the history, and one that is empty. */
export const LONG_ROOM = 1001;
export const OTHER_ROOM = 1002;
/** Its people by the order of their ids; the first one reads in these tests. */
export const PEOPLE = ["Ada Long", "Ben Short", "Cleo Wide", "Dan Deep"] as const;

/** A real server whose room has a history, and its people. */
export interface HistoryServer {
  readonly url: string;
  /** Someone's answer to a query. */
  ask(person: number, query: string, variables: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Sends as someone into a room; answers the message's id. */
  send(person: number, content: string, room?: number): Promise<string>;
  /** Gives someone another name, as a host product does with a newer token. */
  rename(person: number, name: string): Promise<void>;
  /** Opens a page as someone, in a browser context of their own; without a path it is empty yet. */
  visit(
    browser: Browser,
    person: number,
    path: string | null,
  ): Promise<{ readonly page: Page; readonly context: BrowserContext }>;
  stop(): Promise<void>;
}

const CODE = ["```ts", ...Array.from({ length: 9 }, (_, line) => `export const answer${line} = ${line} * 7;`), "```"];
const MARKDOWN = [
  "## What is left",
  "",
  ...Array.from(
    { length: 6 },
    (_, item) => `- **Point ${item + 1}** of the list, with \`code\` and a [link](https://example.com)`,
  ),
  "",
  "> Said before, and worth saying again.",
  "",
  ...Array.from({ length: 12 }, (_, line) => `Line ${line + 1} of a long report, so long that it is folded.`),
];
/** Pictures of a history lie beside it. Upright, lying, and a small one. */
const PICTURES = [
  { file: "upright.png", width: 300, height: 700 },
  { file: "lying.png", width: 900, height: 500 },
  { file: "small.png", width: 90, height: 60 },
] as const;

/** Which picture the message of this number has, if it has one. */
const pictureOf = (number: number): string | undefined =>
  number % 53 === 0 ? PICTURES[(number / 53) % PICTURES.length]?.file : undefined;

/** Words for the message of this number: mostly from one to some lines; now and then code, or a long text with Markdown. */
export function contentOf(number: number): string {
  if (number % 29 === 0) return [`Message ${number}.`, ...CODE].join("\n");
  if (number % 43 === 0) return [`Message ${number}.`, "", ...MARKDOWN].join("\n");
  const words = "The quick brown fox jumps over the lazy dog and writes it down for everyone in the room to read.";
  const lines = number % 7 === 0 ? 4 : number % 3 === 0 ? 2 : 1;
  return [`Message ${number}.`, ...Array.from({ length: lines }, () => words.slice(0, 20 + ((number * 13) % 70)))].join(
    lines > 1 ? "\n" : " ",
  );
}

function historyLines(messages: number): string {
  const users = PEOPLE.map((name, index) => ({
    kind: "user",
    id: ADA + index,
    username: usernameOf(name),
    display_name: name,
  }));
  const ids = users.map(({ id }) => id);
  const project = { kind: "project", id: PROJECT, name: "Harbour", members: ids };
  const room = { kind: "room", type: "group", project: PROJECT, created_by: ADA, participants: ids };
  const rooms = [
    { ...room, id: LONG_ROOM, name: "Long history" },
    { ...room, id: OTHER_ROOM, name: "Quiet corner" },
  ];
  const firstMs = Date.now() - (messages + 1) * MINUTE_MS;
  const talk = Array.from({ length: messages }, (_, index) => ({
    kind: "message",
    id: 10_000 + index,
    room: LONG_ROOM,
    user: ADA + (Math.floor(index / 3) % PEOPLE.length),
    content: contentOf(index + 1),
    ...(pictureOf(index + 1) && { type: "image", attachment: pictureOf(index + 1) }),
    created_at: new Date(firstMs + index * MINUTE_MS).toISOString(),
  }));
  return [...users, project, ...rooms, ...talk].map((line) => JSON.stringify(line)).join("\n");
}

const SEND = `mutation Send($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id } } }`;

function parseSent(answer: unknown): string {
  const { data } = answer as { data?: { sendChatMessage?: { message: { id: string } } } };
  if (!data?.sendChatMessage) throw new Error(`The message was not stored: ${JSON.stringify(answer)}`);
  return data.sendChatMessage.message.id;
}

/** @param messages how many the room holds already */
export async function startWithHistory(messages: number): Promise<HistoryServer> {
  const server = await startServer({ JWT_SECRET: SECRET });
  const folder = join(server.dataDir, "history");
  await mkdir(folder);
  const file = join(folder, "history.jsonl");
  await writeFile(file, historyLines(messages));
  for (const { file: name, ...size } of PICTURES) await writeFile(join(folder, name), await picture("png", size));
  const env = { PATH: process.env.PATH, DATA_DIR: server.dataDir };
  await promisify(execFile)(process.execPath, [IMPORT, file], { env });
  await rm(folder, { recursive: true });
  const tokens = await Promise.all(PEOPLE.map((name, index) => tokenOf(index, name, usernameOf(name))));
  const askWith = async (token: string, query: string, variables: object): Promise<unknown> => {
    const response = await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  };
  const ask: HistoryServer["ask"] = (person, query, variables) => askWith(tokens[person] ?? "", query, variables);
  return {
    url: server.url,
    ask,
    async send(person, content, room = LONG_ROOM) {
      const input = { roomId: String(room), content, clientMutationId: randomUUID() };
      return parseSent(await ask(person, SEND, { input }));
    },
    async rename(person, name) {
      tokens[person] = await tokenOf(person, name, usernameOf(PEOPLE[person] ?? name), new Date(Date.now() + 1_000));
      await ask(person, "{ chatViewer { id } }", {});
    },
    async visit(browser, person, path) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      await context.addInitScript(
        (token) => window.sessionStorage.setItem("parley.token", token),
        tokens[person] ?? "",
      );
      const page = await context.newPage();
      if (path !== null) await page.goto(`${server.url}${path}`);
      return { page, context };
    },
    stop: () => server.stop(),
  };
}

function tokenOf(index: number, name: string, username: string, issuedAt = new Date()): Promise<string> {
  return new SignJWT({ username, name })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(String(ADA + index))
    .setIssuedAt(issuedAt)
    .setExpirationTime("1h")
    .sign(Buffer.from(SECRET));
}

const usernameOf = (name: string): string => (name.split(" ")[0] ?? name).toLowerCase();

/** Lets no page of messages come to a browser until it is released; `asked` resolves when one was asked for. */
export async function holdPages(page: Page): Promise<{ readonly asked: Promise<void>; readonly release: () => void }> {
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  await page.route("**/graphql", async (route) => {
    if (route.request().postData()?.includes("MessagesPage")) {
      asked.resolve();
      await released.promise;
    }
    await route.continue();
  });
  return { asked: asked.promise, release: () => released.resolve() };
}
