import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import type { Client } from "graphql-ws";
import pg from "pg";
import type { Heard } from "./graphql-world.js";
import { startTestPostgres, type TestPostgres } from "./own-postgres.js";
import { enter, hangUp, type RawLine } from "./raw-socket.js";
import { until } from "./until.js";
import type { MainProcess } from "./main-process.js";
import { jane, john, startMainWorld, type MainWorld } from "./main-world.js";

// A PostgreSQL of the test's own goes away under people who write over every transport, and comes back.

jest.setTimeout(120_000);

/** What one attempt to send came to: nothing but these may come of a database that is away. */
type Outcome = "stored" | "UNAVAILABLE";
type Send = (content: string, key: string) => Promise<Outcome>;

let postgres: TestPostgres;
let world: MainWorld;
let lines: RawLine[];
let followers: readonly Heard[];
let sockets: Client[];
let closes: unknown[];

beforeAll(async () => {
  postgres = await startTestPostgres();
  world = await startMainWorld({ DATABASE_URL: postgres.url, LOG_LEVEL: "info" });
});
afterAll(async () => {
  await world.main.end("SIGKILL");
  await postgres.end();
});
afterEach(async () => {
  hangUp();
  await world.server.hangUp();
});

/** Events whose words are not all in the event: the rest is read from the database for each. */
const EVENT = "seq ... on ChatMessageSent { message { content room { unreadCount participants { user { id } } } } }";
const MUTATION = "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id } } }";

beforeEach(async () => {
  closes = [];
  const token = await world.token(jane);
  lines = [await enter(world.server.url, world.roomId, { token, query: "?after=" })];
  sockets = [await world.connect(jane), await world.connect(jane)];
  for (const socket of sockets) noteClose(socket);
  const [first, second] = sockets;
  if (first === undefined || second === undefined) throw new Error("Nobody follows.");
  followers = [
    await world.follow(first, `subscription { chatEvents { ${EVENT} } }`),
    await world.follow(second, `subscription ($roomId: ID!) { chatRoomEvents(roomId: $roomId) { ${EVENT} } }`, {
      roomId: world.roomId,
    }),
  ];
});

/** Of this test's only: those of the one before may be late in saying goodbye. */
function noteClose(socket: Client): void {
  const noted = closes;
  socket.on("closed", (event) => noted.push(Object(event).code));
}

function outcomeOf(code: unknown, answer: unknown): Outcome {
  if (code !== "UNAVAILABLE") throw new Error(`A send was refused with ${JSON.stringify(answer)}.`);
  return code;
}

async function senders(): Promise<Record<string, Send>> {
  const token = await world.token(john);
  const line = await enter(world.server.url, world.roomId, { token });
  const socket = await world.connect(john);
  const input = (content: string, clientMutationId: string) => ({
    input: { roomId: world.roomId, content, clientMutationId },
  });
  lines.push(line);
  sockets.push(socket);
  noteClose(socket);
  // A client that follows nothing closes its socket after each answer.
  await world.follow(socket, "subscription { chatEvents { seq } }");
  return {
    async graphql(content, key) {
      const { errors } = await world.server.graphql(token, MUTATION, input(content, key));
      return errors[0] === undefined ? "stored" : outcomeOf(errors[0].extensions.code, errors);
    },
    async "graphql-ws"(content, key) {
      const heard = world.listen(socket, MUTATION, input(content, key));
      await until(() => heard.done, "the answer to a mutation");
      return heard.errors[0] === undefined ? "stored" : outcomeOf(heard.errors[0].extensions.code, heard.errors);
    },
    async rest(content, key) {
      const headers = {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "idempotency-key": key,
      };
      const body = JSON.stringify({ room: Number(world.roomId), content });
      const answer = await fetch(`${world.server.url}/api/chat/messages/`, { method: "POST", headers, body });
      if (answer.status === 201) return "stored";
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
      return "UNAVAILABLE";
    },
    async raw(content, key) {
      const before = line.frames.length;
      line.send({ type: "message_send", content, client_mutation_id: key });
      const answer = await until(
        () => line.frames.slice(before).find((frame) => frame.client_mutation_id === key),
        "the answer to a frame",
      );
      return answer.type === "message_new" ? "stored" : outcomeOf(answer.code, answer);
    },
  };
}

interface Writer {
  readonly stored: string[];
  refused: number;
}

/** Writes on and on, and each message again until it is stored, as a client does. */
async function write(name: string, send: Send, { stop, writer }: { stop: AbortSignal; writer: Writer }): Promise<void> {
  for (let n = 0; !stop.aborted; n += 1) {
    const [content, key] = [`${name} ${n} ${randomUUID()}`, randomUUID()];
    await until(async () => {
      const outcome = await send(content, key);
      if (outcome === "UNAVAILABLE") writer.refused += 1;
      return outcome === "stored";
    }, `${name} to be stored`);
    writer.stored.push(content);
  }
}

/** Has everybody write while something happens, and looks then at what came of it. */
async function whileWriting(happens: (writers: readonly Writer[]) => Promise<void>): Promise<void> {
  const stopping = new AbortController();
  const writers = Object.entries(await senders()).map(([name, send]) => {
    const writer: Writer = { stored: [], refused: 0 };
    return { writer, done: write(name, send, { stop: stopping.signal, writer }) };
  });
  const all = writers.map(({ writer }) => writer);
  const everyone = Promise.all(writers.map(({ done }) => done));
  await Promise.race([happens(all), everyone]).finally(() => stopping.abort());
  await everyone;
  await expectOneHistory(all.flatMap(({ stored }) => stored));
}

/** What is logged as a fault of ours, or said past the log: a process that ends, a promise that nobody heard. */
function faultsOf({ stdout, stderr }: MainProcess["output"]): readonly string[] {
  const said = stdout
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("Parley is ready") && !line.startsWith("No "));
  return [...said.filter((line) => !/^{"level":[34]0/.test(line)), ...stderr.split("\n").filter((line) => line !== "")];
}

const storedMore = async (writers: readonly Writer[], count: number): Promise<void> => {
  const goals = writers.map(({ stored }) => stored.length + count);
  await until(() => writers.every(({ stored }, index) => stored.length >= (goals[index] ?? 0)), "everybody to go on");
};

/** Everything acknowledged is stored once, and everybody has heard the same, in one order. */
async function expectOneHistory(stored: readonly string[]): Promise<void> {
  const rows = await onPostgres<{ seq: number; content: string }>(
    `select e.seq, m.content from feed_entry e join chat_message m on m.id = e.subject_id where e.stream = 'r${world.roomId}' order by e.seq`,
  );
  const contents = rows.map(({ content }) => content);
  expect(contents.filter((content) => stored.includes(content)).toSorted()).toEqual(stored.toSorted());
  const newest = rows.at(-1)?.seq ?? 0;
  const seqsOf = ({ events }: Heard) => events.flatMap(({ seq }) => (typeof seq === "number" ? [seq] : []));
  const framesOf = ({ frames }: RawLine) => frames.flatMap(({ type, seq }) => (type === "message_new" ? [seq] : []));
  const [listener] = lines;
  if (listener === undefined) throw new Error("Nobody listens.");
  await until(
    () => followers.every((heard) => seqsOf(heard).at(-1) === newest) && framesOf(listener).at(-1) === newest,
    "everybody to hear the last one",
  );
  const since = rows.map(({ seq }) => seq).slice(-stored.length);
  for (const heard of followers) {
    expect(seqsOf(heard).slice(-stored.length)).toEqual(since);
    expect(heard.errors).toEqual([]);
  }
  expect(framesOf(listener)).toEqual(since);
  expect(lines.map(({ closed }) => closed.code)).toEqual(lines.map(() => undefined));
  expect([closes, world.main.ended, faultsOf(world.main.output)]).toEqual([[], {}, []]);
}

/** What the log says, in order. */
const logged = (): readonly string[] =>
  [...world.main.output.stdout.matchAll(/"msg":"([^"]*)"/g)].map(([, msg = ""]) => msg);

test.each(["immediate", "kill"] as const)(
  "a PostgreSQL that ends (%s) refuses sends until it is back, loses none, and drops nobody; the log says both in a line",
  async (how) => {
    const before = logged().length;
    const said = (): readonly string[] => logged().slice(before);
    await whileWriting(async (writers) => {
      await storedMore(writers, 5);
      await postgres.stop(how);
      await until(() => writers.every(({ refused }) => refused > 5), "everybody to be refused");
      await until(() => said().length > 0, "the log to say it");
      await postgres.start();
      await storedMore(writers, 5);
      await until(() => said().length > 1, "the log to say that it is back");
    });
    expect(said()).toEqual([expect.stringMatching(/^the database is away/), "the database is back"]);
  },
);

test("connections that are terminated again and again cost nobody anything but another try", async () => {
  await whileWriting(async (writers) => {
    for (let round = 0; round < 20; round += 1) {
      await storedMore(writers, 1);
      await onPostgres("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'parley'");
    }
    await storedMore(writers, 5);
  });
});

async function onPostgres<Row extends pg.QueryResultRow>(text: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
