import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createWorld, openPostgresTestDatabase, type World } from "../../test/world.js";
import { query, queryOne, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { deleteMessage, editMessage, sendMessage } from "../messages/message.actions.js";
import { addReaction, removeReaction } from "../reactions/reaction.actions.js";
import { countsOn } from "../reactions/reaction.queries.js";
import { markRoomRead } from "../receipts/receipt.actions.js";
import { addParticipant, removeParticipant } from "./participant.actions.js";
import { createRoom } from "./room.actions.js";
import { participantsOf, viewedRoom } from "./room.queries.js";

// The embedded database has one connection, where nothing really happens at once: here it does.
let world: World;
let project: Project;
let john: User;
let jane: User;
let bob: User;
beforeAll(async () => {
  world = await createWorld({ database: await openPostgresTestDatabase() });
  project = await world.project("apollo");
  john = await world.person("john", project);
  jane = await world.person("jane", project);
  bob = await world.person("bob", project);
});
afterAll(() => world.close());

const times = <Result>(count: number, act: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_each, index) => act(index)));
const outcome = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "done",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );

test("a direct room asked for by both at once is one room with two people", async () => {
  const answers = await times(8, (index) => {
    const [me, other] = index % 2 === 0 ? [john, jane] : [jane, john];
    return createRoom(world.as(me), { type: "direct", project: { id: project.id }, participants: [{ id: other.id }] });
  });
  expect(new Set(answers.map(({ room }) => room.id)).size).toBe(1);
  expect(answers.filter(({ created }) => created)).toHaveLength(1);
  const ids = answers.slice(0, 1).map(({ room }) => room.id);
  expect(await participantsOf(world.database.fork(), ids)).toHaveLength(2);
});

test("a send retried while it still runs is one message, and into two rooms at once only one of them has it", async () => {
  const [here, there] = [await world.group(project, john), await world.group(project, john)];
  const key = randomUUID();
  const same = await times(8, () =>
    sendMessage(world.as(john), { roomId: here.id, content: "x", clientMutationId: key }),
  );
  expect(new Set(same.map(({ id }) => id)).size).toBe(1);
  const other = randomUUID();
  const outcomes = await times(8, (index) =>
    outcome(
      sendMessage(world.as(john), {
        roomId: (index % 2 === 0 ? here : there).id,
        content: "y",
        clientMutationId: other,
      }),
    ),
  );
  expect(Map.groupBy(outcomes, String).get("done")).toHaveLength(4);
  expect(Map.groupBy(outcomes, String).get("IDEMPOTENCY_KEY_REUSED")).toHaveLength(4);
  const row = await queryOne<{ count: number }>(
    world.database.fork(),
    sql`select count(*)::int as count from chat_message where client_key = ${other}`,
  );
  expect(row?.count).toBe(1);
});

test("people who all leave at once leave no room behind, and never one without an owner", async () => {
  const room = await world.group(project, john, jane, bob);
  await Promise.all(
    [john, jane, bob].map((user) => removeParticipant(world.as(user), { roomId: room.id, person: { id: user.id } })),
  );
  expect(await queryOne(world.database.fork(), sql`select 1 from chat_room where id = ${room.id}`)).toBeUndefined();
});

test("somebody added by two at once is in the room once", async () => {
  const room = await world.group(project, john, jane);
  const answers = await times(6, (index) =>
    addParticipant(world.as(index % 2 === 0 ? john : jane), { roomId: room.id, person: { id: bob.id } }),
  );
  expect(answers.filter(({ added }) => added)).toHaveLength(1);
  expect(await participantsOf(world.database.fork(), [room.id])).toHaveLength(3);
});

test("the counts that reactions tell are right, however many react at once", async () => {
  const room = await world.group(project, john, jane, bob);
  const message = await sendMessage(world.as(john), { roomId: room.id, content: "x" });
  const react = { messageId: message.id, emoji: "👍" };
  await Promise.all([john, jane, bob, john, jane].map((user) => addReaction(world.as(user), react)));
  await Promise.all([john, john, jane].map((user) => removeReaction(world.as(user), react)));
  expect(await countsOn(world.database.fork(), message.id)).toEqual([{ emoji: "👍", count: 1 }]);
  const told = await query<{ count: number }>(
    world.database.fork(),
    sql`select (payload -> 'group' ->> 'count')::int as count from feed_entry where stream = ${`r${room.id}`} and kind like 'reaction%' order by seq`,
  );
  expect(told.map(({ count }) => count)).toEqual([1, 2, 3, 2, 1]);
});

test("an edit and a deletion at once leave no words, whichever comes first", async () => {
  const room = await world.group(project, john);
  for (let round = 0; round < 5; round += 1) {
    const message = await sendMessage(world.as(john), { roomId: room.id, content: "secret" });
    await Promise.all([
      outcome(editMessage(world.as(john), { messageId: message.id, content: "another secret" })),
      deleteMessage(world.as(john), { messageId: message.id }),
    ]);
  }
  const left = await query(
    world.database.fork(),
    sql`select 1 from feed_entry where payload::text like '%secret%' union all select 1 from chat_message where content like '%secret%'`,
  );
  expect(left).toEqual([]);
});

test("reading, writing and changing the room at once ends with exact counts and no deadlock", async () => {
  const room = await world.group(project, john, jane);
  const outcomes = await times(40, (index) => {
    if (index % 4 === 0) return outcome(markRoomRead(world.as(jane), { roomId: room.id }));
    if (index % 10 === 1) return outcome(addParticipant(world.as(john), { roomId: room.id, person: { id: bob.id } }));
    if (index % 10 === 3)
      return outcome(removeParticipant(world.as(john), { roomId: room.id, person: { id: bob.id } }));
    return outcome(sendMessage(world.as(john), { roomId: room.id, content: String(index) }));
  });
  expect(outcomes.filter((each) => each !== "done" && each !== "BAD_USER_INPUT")).toEqual([]);
  const row = await queryOne<{ count: number }>(
    world.database.fork(),
    sql`select count(*)::int as count from chat_message m join chat_participant p on p.room_id = m.room_id and p.user_id = ${jane.id} where m.room_id = ${room.id} and m.no > p.read_no`,
  );
  expect((await viewedRoom(world.database.fork(), jane.id, String(room.id)))?.state.unreadCount).toBe(row?.count);
});
