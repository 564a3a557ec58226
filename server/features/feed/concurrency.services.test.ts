import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { RecordingClient } from "../../test/recording-client.js";
import { until } from "../../test/until.js";
import { createWorld, openPostgresTestDatabase, type World } from "../../test/world.js";
import { DomainError, toDomainError } from "../../platform/errors.js";
import { query, queryOne, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { deleteMessage, editMessage, sendMessage } from "../messages/message.actions.js";
import { addReaction } from "../reactions/reaction.actions.js";
import { markRoomRead } from "../receipts/receipt.actions.js";
import { addParticipant, removeParticipant } from "../rooms/participant.actions.js";
import { createRoom, deleteRoom } from "../rooms/room.actions.js";
import type { Room } from "../rooms/room.js";
import { roomStream } from "./stream.js";

let world: World;
let project: Project;
let ada: User;
let ben: User;
let others: readonly User[];
beforeAll(async () => {
  world = await createWorld({ database: await openPostgresTestDatabase() });
  project = await world.project("apollo");
  ada = await world.person("ada", project);
  ben = await world.person("ben", project);
  others = await Promise.all(Array.from({ length: 18 }, (_, index) => world.person(`person${index}`, project)));
});
afterAll(() => world.close());

interface Logged {
  readonly seq: number;
  readonly kind: string;
  readonly actor_id: number | null;
  readonly subject_id: number | null;
  readonly at: Date | string;
}

async function logOf(room: Room): Promise<readonly Logged[]> {
  return query<Logged>(
    world.database.fork(),
    sql`select seq, kind, actor_id, subject_id, at::text as at from feed_entry where stream = ${roomStream(room.id)} order by seq`,
  );
}

async function messagesIn(
  room: Room,
): Promise<readonly { id: number; no: number; user_id: number; created_at: string; client_key: string | null }[]> {
  return query(
    world.database.fork(),
    sql`select id, no, user_id, created_at::text as created_at, client_key from chat_message where room_id = ${room.id} order by no`,
  );
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

test("P2 ordered: twenty people writing at once give numbers without holes, and times that rise with them", async () => {
  const people = [ada, ben, ...others];
  const room = await world.group(project, ada, ben, ...others);
  const sends = people.flatMap((user) =>
    [1, 2, 3].map((n) => sendMessage(world.as(user), { roomId: room.id, content: `${n}` })),
  );
  const sent = await Promise.all(sends);
  const log = await logOf(room);
  expect(log.map(({ seq }) => seq)).toEqual(upTo(60));
  const messages = await messagesIn(room);
  expect(messages.map(({ no }) => no)).toEqual(upTo(60));
  expect(messages.map(({ id }) => id)).toEqual(log.map(({ subject_id }) => subject_id));
  const times = messages.map(({ created_at }) => created_at);
  expect(new Set(times).size).toBe(60);
  expect(times.toSorted()).toEqual(times);
  expect(sent.map(({ no }) => no).toSorted((a, b) => a - b)).toEqual(upTo(60));
});

test("P5 exactly-once: the same key five times at once, on different connections, is one message", async () => {
  const room = await world.group(project, ada);
  const clientMutationId = randomUUID();
  const sends = upTo(5).map(() => sendMessage(world.as(ada), { roomId: room.id, content: "once", clientMutationId }));
  const sent = await Promise.all(sends);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  expect((await logOf(room)).map(({ kind }) => kind)).toEqual(["message_sent"]);
});

test("P5 exactly-once: the same key into two rooms at once is one message, and a refusal", async () => {
  for (const _ of upTo(10)) {
    const rooms = [await world.group(project, ada), await world.group(project, ada)];
    const clientMutationId = randomUUID();
    const results = await Promise.allSettled(
      rooms.map(({ id }) => sendMessage(world.as(ada), { roomId: id, content: "once", clientMutationId })),
    );
    const refusals = results.flatMap((result) => (result.status === "rejected" ? [result.reason as DomainError] : []));
    expect(refusals.map(({ code }) => code)).toEqual(["IDEMPOTENCY_KEY_REUSED"]);
    const stored = await Promise.all(rooms.map(messagesIn));
    expect(stored.flat()).toHaveLength(1);
    // The refused one has taken no number: its room has no hole.
    for (const room of rooms)
      expect((await logOf(room)).map(({ seq }) => seq)).toEqual(upTo((await messagesIn(room)).length));
  }
});

test("P6 revoked: somebody who is removed while they write has no message beyond the removal, and hears nothing beyond it", async () => {
  const room = await world.group(project, ada, ben);
  const client = new RecordingClient(world, ben.id);
  await client.connect(world.feed);
  const sends = upTo(20).map((n) =>
    sendMessage(world.as(n % 2 === 0 ? ada : ben), { roomId: room.id, content: `${n}` }).catch((error: unknown) =>
      toDomainError(error),
    ),
  );
  const removal = sends[0]?.then(() => removeParticipant(world.as(ada), { roomId: room.id, person: { id: ben.id } }));
  const results = await Promise.all(sends);
  await removal;
  await sendMessage(world.as(ada), { roomId: room.id, content: "without ben" });
  const log = await logOf(room);
  const removedAt = log.find(({ kind }) => kind === "participant_removed")?.seq ?? 0;
  expect(removedAt).toBeGreaterThan(0);
  expect(log.filter(({ seq, actor_id }) => seq > removedAt && actor_id === ben.id)).toEqual([]);
  const refused = results.flatMap((result) => (result instanceof DomainError ? [result.code] : []));
  expect(refused).toEqual(refused.map(() => "NOT_FOUND"));
  expect(log.map(({ seq }) => seq)).toEqual(upTo(log.length));
  await until(
    () => client.wasTold(roomStream(room.id)) && client.current(roomStream(room.id)) === undefined,
    "ben to hear that he was removed",
  );
  expect(client.seqs(roomStream(room.id))).toEqual(upTo(removedAt));
  await client.disconnect();
});

test("a direct room that both create at once is one room", async () => {
  for (const other of others.slice(0, 10)) {
    const create = (from: User, to: User): ReturnType<typeof createRoom> =>
      createRoom(world.as(from), { type: "direct", project: { id: project.id }, participants: [{ id: to.id }] });
    const results = await Promise.all([create(ada, other), create(other, ada), create(ada, other)]);
    expect(new Set(results.map(({ room }) => room.id)).size).toBe(1);
    expect(results.filter(({ created }) => created)).toHaveLength(1);
  }
});

test("adding, removing, reading, writing, reacting and deleting rooms, all at once and criss-cross, deadlock nobody", async () => {
  const crowd = others.slice(0, 6);
  const rooms = await Promise.all(upTo(6).map(() => world.group(project, ada, ben, ...crowd)));
  const messages = await Promise.all(
    rooms.map((room) => sendMessage(world.as(ada), { roomId: room.id, content: "hello" })),
  );
  const work = rooms.flatMap((room, index) => {
    const message = messages[index];
    const person = { id: (crowd[index % crowd.length] ?? ben).id };
    return [
      removeParticipant(world.as(ada), { roomId: room.id, person }),
      addParticipant(world.as(ben), { roomId: room.id, person: { id: (others[10 + index] ?? ben).id } }),
      ...crowd.map((user) => markRoomRead(world.as(user), { roomId: room.id })),
      ...crowd.map((user) => sendMessage(world.as(user), { roomId: room.id, content: "hi" })),
      addReaction(world.as(ben), { messageId: message?.id ?? 0, emoji: "👍" }),
      editMessage(world.as(ada), { messageId: message?.id ?? 0, content: "hello again" }),
      ...(index % 3 === 0 ? [deleteMessage(world.as(ada), { messageId: message?.id ?? 0 })] : []),
      removeParticipant(world.as(ben), { roomId: room.id, person: { id: ben.id } }),
    ];
  });
  const failures = (await Promise.allSettled(work)).flatMap((result) =>
    result.status === "rejected" ? [toDomainError(result.reason).code] : [],
  );
  expect(failures.filter((code) => code !== "NOT_FOUND")).toEqual([]);
  for (const room of rooms) {
    const log = await logOf(room);
    expect(log.map(({ seq }) => seq)).toEqual(upTo(log.length));
  }
});

test("rooms are deleted while people read in them, and the ones that lose against each other are tried again", async () => {
  for (const _ of upTo(5)) {
    const room = await world.group(project, ada, ...others);
    for (const n of upTo(3)) await sendMessage(world.as(ada), { roomId: room.id, content: `${n}` });
    const work = [
      ...others.map((user) => markRoomRead(world.as(user), { roomId: room.id })),
      deleteRoom(world.as(ada), { roomId: room.id }),
    ];
    const failures = (await Promise.allSettled(work)).flatMap((result) =>
      result.status === "rejected" ? [toDomainError(result.reason).code] : [],
    );
    expect(failures.filter((code) => code !== "NOT_FOUND")).toEqual([]);
    expect((await logOf(room)).map(({ kind }) => kind)).toEqual(["room_deleted"]);
  }
});

test("unread counts are exact after everybody wrote, deleted and read at once", async () => {
  const people = [ada, ben, ...others.slice(0, 4)];
  const room = await world.group(project, ada, ...people.slice(1));
  await Promise.all(
    people.flatMap((user, index) =>
      upTo(5).map(async (n) => {
        const message = await sendMessage(world.as(user), { roomId: room.id, content: `@ben ${n}` });
        if (n % 3 === 0) await deleteMessage(world.as(user), { messageId: message.id });
        if (index % 2 === 0 && n === 4) await markRoomRead(world.as(user), { roomId: room.id });
      }),
    ),
  );
  const wrong = await query(
    world.database.fork(),
    sql`select p.user_id from chat_participant p join feed_stream s on s.id = 'r' || p.room_id where p.room_id = ${room.id}
        and s.last_no - p.read_no - (select count(*) from chat_message d where d.room_id = p.room_id and d.no > p.read_no and d.deleted_at is not null)
         <> (select count(*) from chat_message m where m.room_id = p.room_id and m.no > p.read_no and m.deleted_at is null)`,
  );
  expect(wrong).toEqual([]);
  const own = await queryOne<{ count: number }>(
    world.database.fork(),
    sql`select count(*)::int as count from chat_participant p join chat_message m on m.room_id = p.room_id and m.user_id = p.user_id
        where p.room_id = ${room.id} and m.no > p.read_no`,
  );
  expect(own?.count).toBe(0);
});
