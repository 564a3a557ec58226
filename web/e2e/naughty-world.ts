import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "@jest/globals";
import { cleanLine, cleanText } from "../../server/platform/text.js";
import { signToken } from "../../server/platform/tokens.js";
import { NAUGHTY_STRINGS } from "../src/test/naughty-strings.js";

/** What the server is started with. */
export const SECRETS = {
  JWT_SECRET: "a secret for tests that is long enough",
  SERVICE_TOKEN: "a-service-token-for-tests-that-is-long-enough",
};

/** Who somebody is, for the host product. */
export interface Person {
  readonly hostId: string;
  readonly username: string;
  readonly displayName: string;
}
export const JOHN: Person = { hostId: "1", username: "john", displayName: "John Doe" };

/** So long that a line shows it, and a name may be. */
const NAME_LENGTH = 80;
/** What the import numbers its own from. */
const FIRST_ID = 50_000;
/** So few that all of them stand on a high page. */
export const IN_A_ROOM = 8;

/** What people write, as it is stored. */
export const TEXTS = NAUGHTY_STRINGS.map(cleanText).filter((words) => words.trim() !== "");

/** The same as names, and as these are stored. */
export const NAMES = [
  ...new Set(NAUGHTY_STRINGS.map((words) => cleanLine([...cleanLine(words)].slice(0, NAME_LENGTH).join("")))),
].filter((name) => name !== "");

/** Each is called something that nobody should be. */
export const people: readonly Person[] = NAMES.map((name, place) => {
  return { hostId: `naughty-${place}`, username: name, displayName: name };
});
export const personAt = (place: number): Person => {
  const person = people[place % people.length];
  if (person === undefined) throw new Error("There is nobody.");
  return person;
};
export const nameAt = (place: number): string => personAt(place).displayName;

/** Things in parts of which each stands on a high page. */
export const batches = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / IN_A_ROOM) }, (_, place) =>
    items.slice(place * IN_A_ROOM, (place + 1) * IN_A_ROOM),
  );

/** A message that shows a text to the letter: as code, between fences that it can't close. */
export function asCode(words: string): string {
  const longest = Math.max(0, ...[...words.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}\n${words}\n${fence}`;
}

type Row = Readonly<Record<string, unknown>>;

/** How people, and the host product, speak with a server from outside of any browser. */
export interface Speaker {
  token(person: Person): Promise<string>;
  /** The data of one operation, which has to succeed. */
  ask(person: Person | "host", document: string, variables?: Row): Promise<Row>;
  /** The payload of one mutation. */
  mutate(person: Person | "host", name: string, input: object, fields: string): Promise<Row>;
  /** The status of a request to the REST API, by JSON or by a form. */
  rest(person: Person | "host", call: string, body: object): Promise<number>;
}

const HOUR_MS = 3_600_000;

export function speakWith(url: string): Speaker {
  const token = (person: Person) => signToken({ ...person, secret: SECRETS.JWT_SECRET, ttlMs: HOUR_MS });
  const headersOf = async (person: Person | "host", body: object) => ({
    authorization: `Bearer ${person === "host" ? SECRETS.SERVICE_TOKEN : await token(person)}`,
    ...(body instanceof FormData ? {} : { "content-type": "application/json" }),
  });
  const send = async (person: Person | "host", [method, path]: readonly [string, string], body: object) =>
    fetch(url + path, {
      method,
      headers: await headersOf(person, body),
      body: body instanceof FormData ? body : JSON.stringify(body),
    });
  const ask: Speaker["ask"] = async (person, query, variables = {}) => {
    const { data, errors } = Object(await (await send(person, ["POST", "/graphql"], { query, variables })).json());
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };
  return {
    token,
    ask,
    async mutate(person, name, input, fields) {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`;
      return Object((await ask(person, document, { input }))[name]);
    },
    async rest(person, call, body) {
      const [method = "", path = ""] = call.split(" ");
      return (await send(person, [method, `/api/chat/${path}/`], body)).status;
    },
  };
}

/** Makes the people known by every way there is, in turn: by an import, by GraphQL and by REST. */
export async function makeKnown(speaker: Speaker, dataDir: string): Promise<void> {
  const [imported = [], byGraphql = [], byRest = []] = [0, 1, 2].map((turn) =>
    people.filter((_, place) => place % 3 === turn),
  );
  await importAll(dataDir, [...userRows(imported), ...roomRows(imported)]);
  const users = byGraphql.map(({ hostId: id, username, displayName }) => ({ id, username, displayName }));
  await speaker.mutate("host", "upsertChatUsers", { users }, "created");
  const rows = byRest.map(({ hostId: id, username, displayName: display_name }) => ({ id, username, display_name }));
  expect(await speaker.rest("host", "PUT admin/users", { users: rows })).toBe(200);
}

const userRows = (users: readonly Person[]): readonly Row[] =>
  users.map(({ hostId: host_id, username, displayName: display_name }, place) => {
    return { kind: "user", id: FIRST_ID + place, host_id, username, display_name };
  });

/** Rooms of the first of them, with all texts in them, and John. */
function roomRows(users: readonly Person[]): readonly Row[] {
  const members = users.map((_, place) => FIRST_ID + place);
  const project = { kind: "project", id: FIRST_ID, host_id: "imported", name: nameAt(1), members: [...members, 1] };
  const rooms = batches(TEXTS).map((_, place) => {
    const id = FIRST_ID + place;
    return {
      kind: "room",
      id,
      type: "group",
      name: nameAt(place),
      project: FIRST_ID,
      created_by: 1,
      participants: [1, ...members],
    };
  });
  const messages = TEXTS.map((words, place) => {
    const room = FIRST_ID + Math.floor(place / IN_A_ROOM);
    const created_at = new Date(Date.UTC(2025, 0, 1, 0, place)).toISOString();
    return {
      kind: "message",
      id: FIRST_ID + place,
      room,
      user: members[place % members.length],
      content: asCode(words),
      created_at,
    };
  });
  const john = { kind: "user", id: 1, username: "john", display_name: "John Doe" };
  return [john, project, ...rooms, ...messages];
}

async function importAll(dataDir: string, rows: readonly Row[]): Promise<void> {
  const file = join(dataDir, "naughty.jsonl");
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const command = join(import.meta.dirname, "../../dist/server/cli/import.js");
  const env = { PATH: process.env.PATH, DATA_DIR: dataDir };
  const child = spawn(process.execPath, ["--liftoff-only", command, file], { env, stdio: ["ignore", "pipe", "pipe"] });
  const [said, fault] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  expect([child.exitCode, fault]).toEqual([0, ""]);
  expect(said).toContain(`${TEXTS.length} messages`);
}
