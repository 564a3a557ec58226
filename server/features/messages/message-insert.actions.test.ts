import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { DomainError, toDomainError } from "../../platform/errors.js";
import { query, sql } from "../../platform/sql.js";
import { countStatements } from "../../test/count-statements.js";
import { incoming } from "../../test/uploads.js";
import { createWorld, type World } from "../../test/world.js";
import type { Project, User } from "../directory/directory.js";
import { roomStream } from "../feed/stream.js";
import type { Room } from "../rooms/room.js";
import { sendMessage, type SendMessage } from "./message.actions.js";
import { digestOf, insertMessage, type NewMessage } from "./message-insert.actions.js";
import { messagesByIds } from "./message.queries.js";

let world: World;
let project: Project;
let john: User;
let jane: User;
let bob: User;
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  john = await world.person("john", project);
  jane = await world.person("jane", project);
  bob = await world.person("bob", project);
});
afterAll(() => world.close());

type Said = Omit<SendMessage, "roomId">;

/** Sends all of it at once; the code of what was refused. */
const sendAll = (room: Room, said: readonly (readonly [User, Said])[]) =>
  Promise.all(
    said.map(([user, words]) =>
      sendMessage(world.as(user), { roomId: room.id, ...words }).catch((error: unknown) => toDomainError(error)),
    ),
  );
const draftOf = (room: Room, content: string, key: string): NewMessage => ({
  roomId: room.id,
  content,
  type: "text",
  file: undefined,
  key,
  digest: digestOf(room.id, content, undefined),
  names: [],
});
const rowsOf = <Row>(room: Room, columns: string, table: string) =>
  query<Row>(
    world.database.fork(),
    sql`select ${sql.raw(columns)} from ${sql.raw(table)} where room_id = ${room.id} order by 1`,
  );

test("what is sent at once into one room is stored by two statements: the first one, and all that came meanwhile", async () => {
  const room = await world.group(project, john);
  let statements = 0;
  const scope = { ...world.as(john), em: countStatements(world.database.fork(), () => (statements += 1)) };
  const words = Array.from({ length: 20 }, (_, n) => `${n} for @john`);
  const sent = await Promise.all(words.map((content) => sendMessage(scope, { roomId: room.id, content })));
  expect(statements).toBe(2);
  expect(sent.map(({ no, content }) => [no, content])).toEqual(words.map((content, n) => [n + 1, content]));
  expect(
    await messagesByIds(
      world.database.fork(),
      sent.map(({ id }) => id),
    ),
  ).toEqual(expect.arrayContaining([...sent]));
});

test("each of what is sent at once has an answer of its own, and takes a number only if it is stored", async () => {
  const room = await world.group(project, john, jane);
  const [key, file] = [randomUUID(), incoming({ name: "a.txt", bytes: Buffer.from("words") })];
  const results = await sendAll(room, [
    [john, { content: "first" }],
    [jane, { content: "hello @john", clientMutationId: key }],
    [bob, { content: "from a stranger" }],
    [john, { content: "hello @jane and @bob" }],
    [jane, { content: "hello @john", clientMutationId: key }],
    [jane, { content: "something else", clientMutationId: key }],
    [john, { content: "a file", attachment: file }],
  ]);
  const [first, hello, stranger, mention, again, other, withFile] = results.map((result) =>
    result instanceof DomainError ? result.code : result,
  );
  expect(first).toMatchObject({ content: "first", mentionIds: [] });
  expect(hello).toMatchObject({ userId: jane.id, mentionIds: [john.id] });
  expect(mention).toMatchObject({ userId: john.id, mentionIds: [jane.id] });
  expect(withFile).toMatchObject({ content: "a file", attachment: { name: "a.txt" } });
  expect([stranger, again, other]).toEqual(["NOT_FOUND", hello, "IDEMPOTENCY_KEY_REUSED"]);
  expect(await rowsOf(room, "no, content", "chat_message")).toEqual([
    { no: 1, content: "first" },
    { no: 2, content: "hello @john" },
    { no: 3, content: "hello @jane and @bob" },
    { no: 4, content: "a file" },
  ]);
  expect(await rowsOf(room, "user_id, read_no", "chat_participant")).toEqual([
    { user_id: john.id, read_no: 4 },
    { user_id: jane.id, read_no: 2 },
  ]);
  const log = await query<{ seq: number }>(
    world.database.fork(),
    sql`select seq from feed_entry where stream = ${roomStream(room.id)} order by 1`,
  );
  expect(log.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
});

test("keys that are sent again at once cost the others nothing: the second send of one waits for the next statement", async () => {
  const room = await world.group(project, john, jane);
  let statements = 0;
  const em = countStatements(world.database.fork(), () => (statements += 1));
  const send = (user: User, content: string, clientMutationId: string) =>
    insertMessage({ ...world.as(user), em }, draftOf(room, content, clientMutationId));
  const key = randomUUID();
  const inserted = await Promise.all([
    send(john, "first", randomUUID()),
    send(john, "once", key),
    send(jane, "with the same key, which is her own", key),
    ...Array.from({ length: 20 }, (_, n) => send(jane, `${n}`, randomUUID())),
    send(john, "once", key),
    send(jane, "last", randomUUID()),
  ]);
  expect(statements).toBe(3);
  const statuses = inserted.map((row) => (row === "key taken" ? row : row.status));
  expect(statuses).toEqual([...Array(23).fill("appended"), "duplicate", "appended"]);
});

test("a room that is gone refuses all that is sent into it at once", async () => {
  const room = await world.group(project, john);
  await query(world.database.fork(), sql`delete from feed_stream where id = ${roomStream(room.id)}`);
  const results = await sendAll(
    room,
    Array.from({ length: 5 }, () => [john, { content: "hello" }] as const),
  );
  expect(results.map((result) => result instanceof DomainError && result.code)).toEqual(Array(5).fill("NOT_FOUND"));
});
