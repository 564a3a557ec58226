import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { ALL_EVENTS, durable, names, ROOM_EVENTS } from "../../test/event-documents.js";
import { redisPrefixOf, startServerNode, type ServerNode } from "../../test/node.js";
import { forgetPrefix } from "../../test/redis.js";
import { SERVICE_TOKEN } from "../../test/server.js";
import { until } from "../../test/until.js";
import { createWorld, openPostgresTestDatabase, type World } from "../../test/world.js";
import { query, sql } from "../../platform/sql.js";
import { recognise } from "../directory/directory.actions.js";
import type { Project } from "../directory/directory.js";
import { MAX_ROWS } from "../directory/host-rows.js";
import { upsertProjects, upsertUsers } from "./host.actions.js";
import { addParticipant } from "./participant.actions.js";
import { createRoom } from "./room.actions.js";
import { participantsOf } from "./room.queries.js";

// What really happens at once happens here: the embedded database has one connection.
let world: World;
let nodes: ServerNode[] = [];
let project: Project;
beforeAll(async () => {
  world = await createWorld({ database: await openPostgresTestDatabase() });
  project = await world.project("apollo");
});
afterEach(async () => {
  for (const node of nodes) await node.close();
  if (nodes.length > 0) await forgetPrefix(await redisPrefixOf(world));
  nodes = [];
});
afterAll(() => world.close());

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_each, index) => index);
const rowsOf = (prefix: string, count: number) =>
  upTo(count).map((n) => ({ id: `${prefix}${n}`, username: `${prefix}${n}`, display_name: `Person ${n}` }));
const put = async (node: ServerNode, path: string, body: unknown): Promise<unknown> => {
  const response = await fetch(`${node.server.url}/api/chat/admin/${path}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${SERVICE_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return response.json();
};

async function startNode(): Promise<ServerNode> {
  const node = await startServerNode(world);
  nodes.push(node);
  return node;
}

test("who leaves a project at one node stops following its rooms at the other, with the event that says so", async () => {
  const [john, jane] = [await world.person("john", project), await world.person("jane", project)];
  const room = await world.group(project, john, jane);
  const [a, b] = [await startNode(), await startNode()];
  const [client, other] = [await b.connect(jane), await a.connect(john)];
  const one = await b.follow(client, ROOM_EVENTS, { roomId: String(room.id) });
  const all = await b.follow(client, ALL_EVENTS, { after: [] });
  const johns = await a.follow(other, ALL_EVENTS, { after: [] });
  expect(await put(a, "projects", [{ id: project.hostId, remove_member_ids: [jane.hostId] }])).toMatchObject({
    changed: 1,
  });
  await until(() => one.done, "the end of the room's subscription on the other node");
  expect(names(durable(one.events))).toEqual(["ChatParticipantRemoved"]);
  await until(() => names(all.events).includes("ChatRoomLeft"), "the news in their own stream");
  await a.mutate(john, "sendChatMessage", { roomId: String(room.id), content: "in private" }, "message { id }");
  await until(() => names(johns.events).includes("ChatMessageSent"), "the message for those who are left");
  expect([all.done, names(durable(all.events))]).toEqual([false, ["ChatParticipantRemoved", "ChatRoomLeft"]]);
});

test(`${MAX_ROWS} people in one call are there, and the same call again writes nothing`, async () => {
  const a = await startNode();
  const users = rowsOf("bulk", MAX_ROWS);
  const writers = () =>
    query(world.database.fork(), sql`select id, xmin::text from chat_user where host_id like 'bulk%' order by id`);
  expect(await put(a, "users", users)).toEqual({ created: MAX_ROWS, changed: 0, unchanged: 0 });
  const before = await writers();
  expect(before).toHaveLength(MAX_ROWS);
  expect(await put(a, "users", { users })).toEqual({ created: 0, changed: 0, unchanged: MAX_ROWS });
  expect(await writers()).toEqual(before);
});

test("five thousand participations end in one call, while people go on writing", async () => {
  const john = await world.person("writer");
  const rows = rowsOf("crowd", 999);
  const members = rows.map(({ id }) => ({ hostId: id }));
  const users = rows.map(({ id, username, display_name }) => ({ id, username, displayName: display_name }));
  await upsertUsers(world.host(), { users });
  const memberIds = [john.hostId, ...rows.map(({ id }) => id)];
  await upsertProjects(world.host(), { projects: [{ id: "crowded", name: "Crowded", memberIds }] });
  const rooms = [];
  for (const name of ["1", "2", "3", "4", "5"]) {
    const input = { type: "group", name, project: { hostId: "crowded" }, participants: members };
    rooms.push((await createRoom(world.as(john), input)).room.id);
  }
  const a = await startNode();
  const send = (roomId: number) =>
    a.mutate(john, "sendChatMessage", { roomId: String(roomId), content: "x" }, "message { id }");
  const [counts] = await Promise.all([
    put(a, "projects", [{ id: "crowded", member_ids: [john.hostId] }]),
    ...rooms.map(send),
  ]);
  expect(counts).toEqual({ created: 0, changed: 1, unchanged: 0 });
  expect((await participantsOf(world.database.fork(), rooms)).map(({ userId }) => userId)).toEqual(
    rooms.map(() => john.id),
  );
});

test("who is put into rooms just as they leave the project is in none of them afterwards", async () => {
  const owner = await world.person("owner", project);
  const outcomes: string[] = [];
  for (const n of upTo(12)) {
    const leaver = await world.person(`leaver${n}`, project);
    const rooms = [await world.group(project, owner), await world.group(project, owner, leaver)];
    const add = rooms.map((room) => addParticipant(world.as(owner), { roomId: room.id, person: { id: leaver.id } }));
    const create = ["group", "direct"].map((type) =>
      createRoom(world.as(n % 2 === 0 ? owner : leaver), {
        type,
        name: "new",
        project: { id: project.id },
        participants: [{ id: n % 2 === 0 ? leaver.id : owner.id }],
      }),
    );
    const leave = upsertProjects(world.host(), {
      projects: [{ id: project.hostId, removeMemberIds: [leaver.hostId] }],
    });
    const settled = await Promise.allSettled([...add, ...create, leave]);
    expect(settled.at(-1)).toMatchObject({ status: "fulfilled" });
    for (const result of settled)
      outcomes.push(result.status === "fulfilled" ? "done" : `refused: ${codeOf(result.reason)}`);
    const left = await query(world.database.fork(), sql`select 1 from chat_participant where user_id = ${leaver.id}`);
    expect(left).toEqual([]);
  }
  const expected = ["done", "refused: BAD_USER_INPUT", "refused: NOT_FOUND"];
  expect(outcomes.filter((outcome) => !expected.includes(outcome))).toEqual([]);
});

const codeOf = (error: unknown): string => String(error instanceof Error && "code" in error ? error.code : error);

test("lists and first tokens that come at once make each person once, under numbers of their own", async () => {
  const ids = upTo(40).map((n) => (n % 2 === 0 ? String(20_000 + n) : `mixed-${n}`));
  const users = ids.map((id) => ({ id, username: id, displayName: id }));
  const lists = [users, users.toReversed(), users.slice(10, 30)].map((rows) =>
    upsertUsers(world.host(), { users: rows }),
  );
  const tokens = ids.map((hostId) => recognise(world.database.fork(), { hostId }, undefined));
  const known = await Promise.all(tokens);
  expect((await Promise.all(lists)).every(({ created, changed, unchanged }) => created + changed + unchanged > 0)).toBe(
    true,
  );
  const stored = await query<{ id: number }>(
    world.database.fork(),
    sql`select id from chat_user where host_id = any(${`{${ids.join(",")}}`}::text[])`,
  );
  expect(new Set(stored.map(({ id }) => id)).size).toBe(ids.length);
  expect(new Set(known.map(({ user }) => user.id))).toEqual(new Set(stored.map(({ id }) => id)));
});
