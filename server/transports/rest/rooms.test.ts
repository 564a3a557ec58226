import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Project, User } from "../../features/directory/directory.js";
import { sendMessage } from "../../features/messages/message.actions.js";
import { upsertUsers } from "../../features/rooms/host.actions.js";
import { startRestWorld, type Json, type RestCaller, type RestRequest, type RestWorld } from "../../test/rest-world.js";

let rest: RestWorld;
let project: Project;
let john: User;
let jane: User;
let bob: User;
beforeAll(async () => {
  rest = await startRestWorld();
});
afterAll(() => rest.close());

let names = 0;
beforeEach(async () => {
  names += 1;
  project = await rest.world.project(`project${names}`);
  john = await rest.world.person(`john${names}`, project);
  jane = await rest.world.person(`jane${names}`, project);
  bob = await rest.world.person(`bob${names}`, project);
});

/** What is answered with success. */
async function body(caller: RestCaller, path: string, request?: RestRequest): Promise<Json> {
  const answer = await rest.call(caller, path, request);
  expect(answer.status).toBeLessThan(300);
  return (answer.body ?? {}) as Json;
}

const post = (content?: unknown): RestRequest => ({
  method: "POST",
  ...(content === undefined ? {} : { body: content }),
});
const shown = ({ id, username, displayName }: User) => ({ id, username, display_name: displayName });
const inRoom = (user: User, last_read_at: unknown = null) => ({
  id: expect.any(Number),
  user: shown(user),
  joined_at: expect.stringMatching(/^\d{4}-.*Z$/),
  last_read_at,
});

async function group(...others: readonly User[]): Promise<Json> {
  const input = {
    name: "Design Team",
    type: "group",
    project: project.id,
    participant_ids: others.map(({ id }) => id),
  };
  return body(john, "/api/chat/rooms/", post(input));
}

test("a group is answered as the original system does, to the letter", async () => {
  const room = await group(jane, bob);
  expect(room).toEqual({
    id: expect.any(Number),
    name: "Design Team",
    type: "group",
    project: project.id,
    participants: [inRoom(john), inRoom(jane), inRoom(bob)],
    created_by: shown(john),
    last_message: null,
    unread_count: 0,
    display_name: "Design Team",
    created_at: expect.stringMatching(/Z$/),
    updated_at: expect.stringMatching(/Z$/),
  });
  expect(await body(jane, `/api/chat/rooms/${String(room.id)}/`)).toEqual(room);
});

test("rooms come latest activity first, each as its viewer sees it", async () => {
  const [first, second] = [await group(jane), await group(jane, bob)];
  const message = await sendMessage(rest.world.as(john), { roomId: Number(first.id), content: "Hello!" });
  const rooms = await body(jane, "/api/chat/rooms/");
  expect(rooms).toMatchObject([
    {
      id: first.id,
      unread_count: 1,
      last_message: { id: message.id, content: "Hello!", created_at: message.createdAt },
      updated_at: message.createdAt,
      participants: [inRoom(john, message.createdAt), inRoom(jane)],
    },
    { id: second.id, unread_count: 0, last_message: null },
  ]);
  expect(await body(john, "/api/chat/rooms/")).toMatchObject([{ id: first.id, unread_count: 0 }, { id: second.id }]);
  expect(await body(bob, "/api/chat/rooms")).toMatchObject([{ id: second.id }]);
});

test("rooms of one project are only that project's, and of one that is not the caller's there are none", async () => {
  const other = await rest.world.project(`other${names}`);
  const dee = await rest.world.person(`dee${names}`, other);
  const [room, elsewhere] = [await group(), await rest.world.group(other, dee)];
  expect(await body(john, `/api/chat/rooms/?project=${project.id}`)).toMatchObject([{ id: room.id }]);
  expect(await body(dee, "/api/chat/rooms/?project=")).toMatchObject([{ id: elsewhere.id }]);
  for (const none of [String(other.id), "999999", "-1", "1.5", "x", "99999999999999999999"])
    expect(await body(john, `/api/chat/rooms/?project=${none}`)).toEqual([]);
});

test("a direct room is made once, has no name, and bears the other's", async () => {
  const input = { type: "direct", project: project.id, participant_ids: [jane.id] };
  const made = await rest.call(john, "/api/chat/rooms/", post({ ...input, name: "ignored" }));
  expect([made.status, made.body]).toMatchObject([201, { name: "", type: "direct", display_name: jane.displayName }]);
  const again = await rest.call(jane, "/api/chat/rooms", post({ ...input, name: null, participant_ids: [john.id] }));
  expect([again.status, again.body]).toMatchObject([200, { name: "", display_name: john.displayName }]);
  expect((again.body as Json).id).toBe((made.body as Json).id);
});

test("people are added once and removed; the answers tell which", async () => {
  const { id } = await group();
  const path = `/api/chat/rooms/${String(id)}`;
  const added = await rest.call(john, `${path}/add_participant/`, post({ user_id: jane.id }));
  expect([added.status, added.body]).toEqual([201, inRoom(jane)]);
  const again = await rest.call(john, `${path}/add_participant`, post({ user_id: String(jane.id) }));
  expect([again.status, again.body]).toEqual([200, added.body]);
  const removed = await rest.call(john, `${path}/remove_participant/`, post({ user_id: jane.id }));
  expect([removed.status, removed.body]).toEqual([204, undefined]);
  expect((await rest.call(jane, `${path}/`)).status).toBe(404);
});

test("a group is renamed and deleted by its owner", async () => {
  const { id } = await group(jane);
  const path = `/api/chat/rooms/${String(id)}/`;
  expect(await body(john, path, { method: "PATCH", body: { name: "  New name " } })).toMatchObject({
    id,
    name: "New name",
  });
  expect((await rest.call(jane, path, { method: "DELETE" })).status).toBe(403);
  expect((await rest.call(john, path, { method: "DELETE" })).status).toBe(204);
  expect((await rest.call(john, path)).status).toBe(404);
});

test("a room is marked as read up to a message or to its end, with a body and without", async () => {
  const { id } = await group(jane);
  const send = (content: string) => sendMessage(rest.world.as(john), { roomId: Number(id), content });
  const [first] = [await send("one"), await send("two"), await send("three")];
  const path = `/api/chat/rooms/${String(id)}`;
  const unread = async () => (await body(jane, path)).unread_count;
  expect(await unread()).toBe(3);
  expect(await body(jane, `${path}/mark_read/`, post({ message_id: first.id }))).toEqual({ status: "marked as read" });
  expect(await unread()).toBe(2);
  expect(await body(jane, `${path}/mark_read/`, post())).toEqual({ status: "marked as read" });
  expect(await unread()).toBe(0);
  expect(await body(jane, `${path}/mark_read`, post({ message_id: null }))).toEqual({ status: "marked as read" });
  await body(jane, `${path}/mark_read`, post({ message_id: first.id }));
  expect(await unread()).toBe(0);
});

test("who was deleted in the host product is nobody any more, and what they wrote stays", async () => {
  const { id } = await group(jane);
  await sendMessage(rest.world.as(john), { roomId: Number(id), content: "bye" });
  await upsertUsers(rest.world.host(), { users: [{ id: john.hostId, isDeleted: true }] });
  expect(await body(jane, `/api/chat/rooms/${String(id)}/`)).toMatchObject({
    created_by: null,
    participants: [inRoom(jane)],
    last_message: { content: "bye" },
  });
  expect(await body(jane, `/api/chat/messages/?room=${String(id)}`)).toMatchObject([
    { content: "bye", user: { id: john.id, username: "", display_name: "Deleted user" } },
  ]);
});

describe("everybody in a room is of its project:", () => {
  const WORDS = "Everybody in a room has to be a member of its project.";

  test("the same is said of somebody unknown and of somebody from elsewhere", async () => {
    const dee = await rest.world.person(`dee${names}`);
    const { id } = await group();
    for (const stranger of [dee.id, 999_999, -1, 0, 99_999_999_999]) {
      const input = { name: "x", type: "group", project: project.id, participant_ids: [stranger] };
      expect(await rest.call(john, "/api/chat/rooms/", post(input))).toMatchObject({
        status: 400,
        body: { participant_ids: [WORDS] },
      });
      expect(
        await rest.call(john, `/api/chat/rooms/${String(id)}/add_participant/`, post({ user_id: stranger })),
      ).toMatchObject({ status: 400, body: { user_id: [WORDS] } });
    }
  });
});
