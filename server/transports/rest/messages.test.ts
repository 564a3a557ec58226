import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Project, User } from "../../features/directory/directory.js";
import { deleteMessage, sendMessage } from "../../features/messages/message.actions.js";
import type { MessageId } from "../../features/messages/message.js";
import type { Room } from "../../features/rooms/room.js";
import { startRestWorld, type Json, type RestAnswer, type RestRequest, type RestWorld } from "../../test/rest-world.js";

let rest: RestWorld;
let project: Project;
let john: User;
let jane: User;
let room: Room;
beforeAll(async () => {
  rest = await startRestWorld();
  project = await rest.world.project("apollo");
  john = await rest.world.person("john", project);
  jane = await rest.world.person("jane", project);
});
afterAll(() => rest.close());
beforeEach(async () => {
  room = await rest.world.group(project, john, jane);
});

const MESSAGES = "/api/chat/messages/";
const post = (body: unknown, headers: Record<string, string> = {}): RestRequest => ({ method: "POST", body, headers });
const bodyOf = ({ body }: RestAnswer): Json => body as Json;
const idsOf = ({ body }: RestAnswer): unknown => (body as Json[]).map(({ id }) => id);

/** Messages of John's, by number. */
async function sent(count: number): Promise<readonly MessageId[]> {
  const ids: MessageId[] = [];
  for (let index = 0; index < count; index += 1)
    ids.push((await sendMessage(rest.world.as(john), { roomId: room.id, content: `m${index}` })).id);
  return ids;
}

test("a message is answered as the original system does, to the letter", async () => {
  const input = { room: room.id, content: "Hello, world!", type: "text" };
  const answer = await rest.call(john, MESSAGES, post(input));
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    id: expect.any(Number),
    room: room.id,
    user: { id: john.id, username: "john", display_name: "John" },
    content: "Hello, world!",
    type: "text",
    attachment_url: null,
    attachment_name: "",
    attachment_size: null,
    reactions: [],
    is_edited: false,
    edited_at: null,
    created_at: expect.stringMatching(/Z$/),
    updated_at: expect.stringMatching(/Z$/),
  });
  const { id } = bodyOf(answer);
  for (const path of [`${MESSAGES}${String(id)}/`, `${MESSAGES}${String(id)}`])
    expect((await rest.call(jane, path)).body).toEqual(answer.body);
  expect((await rest.call(jane, `/api/chat/messages?room=${room.id}`)).body).toEqual([answer.body]);
});

describe("a form does what JSON does:", () => {
  test("as a browser sends it", async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ room: String(room.id), content: "of a form ✓", type: "text" }))
      form.append(name, value);
    expect(await rest.call(john, MESSAGES, post(form))).toMatchObject({
      status: 201,
      body: { content: "of a form ✓" },
    });
  });

  test("with a field that says nothing of use", async () => {
    const form = new FormData();
    form.append("room", "one");
    expect(await rest.call(john, MESSAGES, post(form))).toMatchObject({
      status: 400,
      body: { room: ["A valid integer is required."] },
    });
  });
});

test("the same key gives the same message, and another text under it is refused", async () => {
  const headers = { "idempotency-key": "0e1f2a3b-4c5d-4e6f-8a9b-0c1d2e3f4a5b" };
  const send = (content: string) => rest.call(john, MESSAGES, post({ room: room.id, content }, headers));
  const first = await send("once");
  expect(first.status).toBe(201);
  expect(await send("once")).toMatchObject({ status: 201, body: first.body });
  expect(await send("twice")).toMatchObject({ status: 422, body: { detail: expect.any(String) } });
  expect(idsOf(await rest.call(john, `${MESSAGES}?room=${room.id}`))).toEqual([bodyOf(first).id]);
  const wrong = post({ room: room.id, content: "x" }, { "idempotency-key": "once" });
  expect(await rest.call(john, MESSAGES, wrong)).toMatchObject({
    status: 400,
    body: { "idempotency-key": ["This must be a UUID."] },
  });
});

test("one's own message is edited and deleted", async () => {
  const [id = 0] = await sent(1);
  const path = `${MESSAGES}${id}/`;
  const edited = await rest.call(john, path, { method: "PATCH", body: { content: "Updated message content" } });
  expect(edited).toMatchObject({ status: 200, body: { content: "Updated message content", is_edited: true } });
  expect(bodyOf(edited).edited_at).toBe(bodyOf(edited).updated_at);
  expect((await rest.call(jane, path, { method: "PATCH", body: { content: "x" } })).status).toBe(403);
  expect((await rest.call(jane, path, { method: "DELETE" })).status).toBe(403);
  const deleted = await rest.call(john, path, { method: "DELETE" });
  expect([deleted.status, deleted.body]).toEqual([204, undefined]);
  for (const method of ["GET", "DELETE"]) expect((await rest.call(john, path, { method })).status).toBe(404);
  expect((await rest.call(john, `${MESSAGES}?room=${room.id}`)).body).toEqual([]);
});

test("reactions are put once and taken off, also when there is none", async () => {
  const [id = 0] = await sent(1);
  const react = (verb: string) => rest.call(jane, `${MESSAGES}${id}/${verb}_reaction/`, post({ emoji: "👍" }));
  const put = await react("add");
  const user = { id: jane.id, username: "jane", display_name: "Jane" };
  const reaction = { id: expect.any(Number), message: id, user, emoji: "👍", created_at: expect.stringMatching(/Z$/) };
  expect([put.status, put.body]).toEqual([201, reaction]);
  expect(await react("add")).toMatchObject({ status: 200, body: put.body });
  const { message: _message, ...nested } = bodyOf(put);
  expect((await rest.call(john, `${MESSAGES}${id}`)).body).toMatchObject({ reactions: [nested] });
  for (let times = 0; times < 2; times += 1) expect((await react("remove")).status).toBe(204);
});

describe("a long history is read in pages", () => {
  const link = (answer: RestAnswer, rel: string) =>
    new RegExp(`<([^>]+)>; rel="${rel}"`).exec(answer.headers.get("link") ?? "")?.[1];

  test("from the newest to the first by the links, each message once", async () => {
    const ids = await sent(7);
    const pages: unknown[] = [];
    let next: string | undefined = `${rest.server.url}${MESSAGES}?room=${room.id}&limit=3`;
    while (next !== undefined) {
      const answer = await rest.call(jane, next);
      pages.push(idsOf(answer));
      next = link(answer, "prev");
    }
    expect(pages).toEqual([ids.slice(4), ids.slice(1, 4), ids.slice(0, 1)]);
  });

  test("and forwards from any message", async () => {
    const [first, ...rest7] = await sent(7);
    const one = await rest.call(jane, `${MESSAGES}?room=${room.id}&limit=4&after=${String(first)}`);
    expect(idsOf(one)).toEqual(rest7.slice(0, 4));
    const two = await rest.call(jane, link(one, "next") ?? "");
    expect([idsOf(two), link(two, "next")]).toEqual([rest7.slice(4), undefined]);
    expect(idsOf(await rest.call(jane, link(two, "prev") ?? ""))).toEqual(rest7.slice(0, 4));
  });

  test("a message that is deleted meanwhile still has its place", async () => {
    const ids = await sent(3);
    await deleteMessage(rest.world.as(john), { messageId: ids[1] ?? 0 });
    const around = async (side: string) =>
      idsOf(await rest.call(jane, `${MESSAGES}?room=${room.id}&${side}=${ids[1]}`));
    expect([await around("before"), await around("after")]).toEqual([[ids[0]], [ids[2]]]);
  });

  test("a hundred at once, and two hundred at most", async () => {
    await sent(101);
    const newest = await rest.call(jane, `${MESSAGES}?room=${room.id}&limit=`);
    expect(newest.body).toHaveLength(100);
    expect(link(newest, "prev")).toContain(`room=${room.id}`);
    expect((await rest.call(jane, `${MESSAGES}?room=${room.id}&limit=200`)).body).toHaveLength(101);
    for (const limit of ["0", "201", "-1", "1.5", "x", "1e9"])
      expect(await rest.call(jane, `${MESSAGES}?room=${room.id}&limit=${limit}`)).toMatchObject({
        status: 400,
        body: { limit: ["A list has 1 to 200 messages."] },
      });
  });

  test("not in both directions at once, and not from a message of another room", async () => {
    const [id = 0] = await sent(1);
    expect((await rest.call(jane, `${MESSAGES}?room=${room.id}&before=${id}&after=${id}`)).status).toBe(400);
    const other = await rest.world.group(project, john, jane);
    expect((await rest.call(jane, `${MESSAGES}?room=${other.id}&before=${id}`)).status).toBe(404);
  });
});
