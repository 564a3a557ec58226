import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { User } from "../../features/directory/directory.js";
import type { Room } from "../../features/rooms/room.js";
import { startRestWorld, type RestRequest, type RestWorld } from "../../test/rest-world.js";

let rest: RestWorld;
let john: User;
let room: Room;
beforeAll(async () => {
  rest = await startRestWorld({ CORS_ORIGINS: "https://host.example" });
  const project = await rest.world.project("apollo");
  john = await rest.world.person("john", project);
  room = await rest.world.group(project, john);
});
afterAll(() => rest.close());

const ROOMS = "/api/chat/rooms/";
const MESSAGES = "/api/chat/messages/";
const REQUIRED = "This field is required.";
const INTEGER = "A valid integer is required.";
const post = (body: unknown, headers: Record<string, string> = {}): RestRequest => ({ method: "POST", body, headers });

describe("every field that is wrong is named, with what to do:", () => {
  test.each([
    [ROOMS, {}, { type: [REQUIRED], project: [REQUIRED] }],
    [ROOMS, { type: "club", project: 1 }, { type: ["Not a valid choice. There are: direct, group."] }],
    [ROOMS, { type: "group", project: "one" }, { project: [INTEGER] }],
    [ROOMS, { type: "group", project: 1.5, name: 3 }, { name: ["Not a valid string."], project: [INTEGER] }],
    [ROOMS, { type: "group", project: 1, participant_ids: 2 }, { participant_ids: ["Send a list of numbers."] }],
    [ROOMS, { type: "group", project: 1, participant_ids: [1, null, {}] }, { participant_ids: [INTEGER] }],
    [ROOMS, { type: "group", project: 1 }, { name: ["A group needs a name."] }],
    [ROOMS, { type: "direct", project: 1 }, { participant_ids: ["A direct room needs exactly one other person."] }],
    [MESSAGES, {}, { room: [REQUIRED] }],
    [MESSAGES, { room: 1 }, { content: ["Write something first: a message can't be empty."] }],
    [MESSAGES, { room: true, content: 5 }, { room: [INTEGER], content: ["Not a valid string."] }],
    [
      MESSAGES,
      { room: 1, content: "x", type: "video" },
      { type: ["Not a valid choice. There are: text, image, file."] },
    ],
    [MESSAGES, { room: 1, content: "x", type: "file" }, { type: ["A message of this type needs an attachment."] }],
    [
      MESSAGES,
      { room: 1, content: "x".repeat(10_001) },
      { content: ["A message can have at most 10,000 characters."] },
    ],
    [`${ROOMS}1/add_participant/`, {}, { user_id: [REQUIRED] }],
    [`${ROOMS}1/remove_participant/`, { user_id: 999 }, { user_id: ["This person is not in the room."] }],
    [`${ROOMS}1/mark_read/`, { message_id: "last" }, { message_id: [INTEGER] }],
    [ROOMS, [], { non_field_errors: ["Send an object: a list of names and values in braces."] }],
    [ROOMS, "null", { non_field_errors: ["Send an object: a list of names and values in braces."] }],
  ])("%s %j", async (path, body, fields) => {
    expect(await rest.call(john, path, post(body))).toMatchObject({ status: 400, body: fields });
  });

  test.each([
    ["", { room: ["Say which room (?room=1), or what to look for (?search=words)."] }],
    ["?room=&search=", { room: ["Say which room (?room=1), or what to look for (?search=words)."] }],
    [`?search=${"x".repeat(201)}`, { search: ["Search for at most 200 characters."] }],
  ])("GET messages%s", async (query, fields) => {
    expect(await rest.call(john, `${MESSAGES}${query}`)).toMatchObject({ status: 400, body: fields });
  });
});

test("a search finds in all rooms or in one, the best match first", async () => {
  const other = await rest.world.project("beta");
  const jane = await rest.world.person("jane", other);
  const [mine, theirs] = [await rest.world.group(other, jane), await rest.world.group(other, jane)];
  const send = async (id: number, content: string) =>
    (await rest.call(jane, MESSAGES, post({ room: id, content }))).body as { id: number };
  const [part, word] = [await send(mine.id, "the deployment"), await send(theirs.id, "we deploy")];
  await send(mine.id, "lunch");
  const found = async (query: string) => (await rest.call(jane, `${MESSAGES}?${query}`)).body;
  expect(await found("search=deploy")).toMatchObject([word, part]);
  expect(await found("search=deploy&limit=1")).toMatchObject([word]);
  expect(await found("search=deploy&limit=200")).toMatchObject([word, part]);
  expect(await found(`search=deploy&room=${mine.id}`)).toEqual([part]);
  expect((await rest.call(john, `${MESSAGES}?search=deploy`)).body).toEqual([]);
  expect((await rest.call(john, `${MESSAGES}?search=deploy&room=${mine.id}`)).status).toBe(404);
});

describe("a body that can't be read", () => {
  const form = { "content-type": "multipart/form-data; boundary=b" };
  const zipped = { "content-type": "application/json", "content-encoding": "gzip" };
  const bytes = (text: string) => new TextEncoder().encode(text);
  const unfinished = bytes('--b\r\nContent-Disposition: form-data; name="room"\r\n\r\n1');
  const long = JSON.stringify({ content: "x".repeat(256 * 1024) });
  const asText = 'Unsupported media type "text/plain" in request: send application/json or multipart/form-data.';
  const field = `--b\r\nContent-Disposition: form-data; name="content"\r\n\r\n${"x".repeat(65 * 1024)}\r\n--b--\r\n`;
  const many = `${'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n'.repeat(30)}--b--\r\n`;
  test.each<[string, string, RestRequest, readonly [number, string]]>([
    ["is no JSON", MESSAGES, post("{"), [400, "JSON parse error - "]],
    ["has no end", MESSAGES, post(unfinished, form), [400, "Multipart form parse error - "]],
    ["has no boundary", MESSAGES, post(bytes("x"), { "content-type": "multipart/form-data" }), [400, "Multipart form"]],
    ["has a field that is too long", MESSAGES, post(bytes(field), form), [413, "content"]],
    ["has more fields than anybody needs", MESSAGES, post(bytes(many), form), [413, "20 fields"]],
    ["is text", MESSAGES, post("x", { "content-type": "text/plain" }), [415, asText]],
    ["is text, and much", MESSAGES, post("x".repeat(3_000_000), { "content-type": "text/plain" }), [415, asText]],
    ["is a form where none is taken", ROOMS, post(bytes("--b--\r\n"), form), [415, "Unsupported media type"]],
    ["is compressed", MESSAGES, post(bytes("\u001f"), zipped), [415, 'Unsupported content encoding "gzip"']],
    ["is a form, and compressed", MESSAGES, post(bytes("x"), { ...zipped, ...form }), [415, "send the body as it is"]],
    ["says not what it is", ROOMS, post(bytes("{}")), [415, "Unsupported media type"]],
    ["is too large", MESSAGES, post(long), [413, "256 KiB"]],
  ])("%s", async (_what, path, request, [status, words]) => {
    expect(await rest.call(john, path, request)).toMatchObject({
      status,
      body: { detail: expect.stringContaining(words) },
    });
  });

  test("is an empty one where nothing is sent", async () => {
    for (const sent of [{}, { body: "" }, { body: "{}" }, { body: "", headers: { "content-type": "text/plain" } }])
      expect(await rest.call(john, `${ROOMS}${room.id}/mark_read`, { method: "POST", ...sent })).toMatchObject({
        status: 200,
      });
  });
});

describe("an address", () => {
  test.each([
    ["/api/chat/rooms/", "PUT", "GET, POST, HEAD, OPTIONS"],
    ["/api/chat/rooms", "DELETE", "GET, POST, HEAD, OPTIONS"],
    ["/api/chat/rooms/1/", "POST", "GET, PATCH, DELETE, HEAD, OPTIONS"],
    ["/api/chat/rooms/1/mark_read/", "GET", "POST, OPTIONS"],
    ["/api/chat/messages/1", "PUT", "GET, PATCH, DELETE, HEAD, OPTIONS"],
    ["/api/chat/messages/1/add_reaction", "PATCH", "POST, OPTIONS"],
  ])("%s can't be asked for by %s", async (path, method, allowed) => {
    const answer = await rest.call(john, path, { method, ...(method === "GET" ? {} : { body: "{" }) });
    expect([answer.status, answer.headers.get("allow"), answer.body]).toEqual([
      405,
      allowed,
      { detail: `Method "${method}" not allowed.` },
    ]);
    expect((await rest.call(null, path, { method })).status).toBe(401);
  });

  test.each([
    "/api/chat/nothing/",
    "/api/chat/rooms/1/nothing/",
    "/api/chat/rooms/1//",
    "/api/nothing",
    `/api/chat/rooms/${"1".repeat(200)}`,
  ])("%s is nowhere", async (path) => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"])
      expect(await rest.call(john, path, { method, headers: { accept: "text/html" } })).toMatchObject({
        status: 404,
        body: { detail: expect.any(String) },
      });
  });

  test("that can't be decoded is told so in JSON", async () => {
    expect(await rest.call(john, "/api/chat/%zz/")).toMatchObject({
      status: 400,
      body: { detail: expect.any(String) },
    });
  });

  test("is looked at by HEAD like by GET, without content", async () => {
    for (const path of [ROOMS, `${ROOMS}${room.id}`, `${MESSAGES}?room=${room.id}`]) {
      const headers = { authorization: `Bearer ${await rest.server.token(john)}` };
      const response = await fetch(`${rest.server.url}${path}`, { method: "HEAD", headers });
      expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
        200,
        "application/json; charset=utf-8",
        "",
      ]);
    }
  });
});

describe("a page of another site", () => {
  const options = (origin: string) =>
    fetch(`${rest.server.url}${MESSAGES}`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "idempotency-key" },
    });

  test("may call when it is configured, without a token for the question", async () => {
    const { status, headers } = await options("https://host.example");
    expect([status, headers.get("access-control-allow-origin")]).toEqual([204, "https://host.example"]);
    expect(headers.get("access-control-allow-headers")).toContain("idempotency-key");
    const answer = await rest.call(john, `${MESSAGES}?room=${room.id}`, {
      headers: { origin: "https://host.example" },
    });
    expect(answer.headers.get("access-control-expose-headers")).toContain("link");
  });

  test("and not otherwise", async () => {
    expect((await options("https://other.example")).headers.get("access-control-allow-origin")).toBeNull();
  });
});

test("every answer has a number of its own to be found by", async () => {
  const answers = [await rest.call(john, ROOMS), await rest.call(null, ROOMS), await rest.call(john, "/api/x")];
  const ids = answers.map(({ headers }) => headers.get("x-request-id"));
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
});

test("whatever is sent, it is never our fault", async () => {
  const odd = fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" }), fc.integer(), fc.double());
  const names = fc.constantFrom(
    "room",
    "content",
    "type",
    "name",
    "project",
    "participant_ids",
    "user_id",
    "emoji",
    "message_id",
    "__proto__",
  );
  const bodies = fc.oneof(fc.dictionary(names, odd), odd);
  const methods = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE");
  const ends = fc.constantFrom("", "/", "/add_participant/", "/mark_read", "/add_reaction", "/remove_reaction/");
  const query = fc.dictionary(
    fc.constantFrom("room", "project", "search", "limit", "before", "after"),
    fc.oneof(fc.string({ unit: "binary" }), fc.integer().map(String)),
  );
  const call = fc.record({
    thing: fc.constantFrom("rooms", "messages"),
    id: fc.oneof(fc.constant(1), fc.integer(), fc.string({ unit: "binary", minLength: 1 })),
    end: ends,
    method: methods,
    body: bodies,
    query,
  });
  await fc.assert(
    fc.asyncProperty(call, async ({ thing, id, end, method, body, query: asked }) => {
      const place = end === "" || end === "/" ? "/" : `/${encodeURIComponent(String(id).toWellFormed())}${end}`;
      const well = Object.entries(asked).map(([name, value]): [string, string] => [name, value.toWellFormed()]);
      const path = `/api/chat/${thing}${place}?${new URLSearchParams(well).toString()}`;
      const { status } = await rest.call(john, path, {
        method,
        ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
      });
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 150 },
  );
});
