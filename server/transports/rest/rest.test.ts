import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SERVICE_TOKEN, startTestServer, type TestServer } from "../../test/server.js";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ webRoot: import.meta.dirname });
});
afterAll(() => server.close());

const USERS = "/api/chat/admin/users";
const PROJECTS = "/api/chat/admin/projects/";
const json = { "content-type": "application/json" };
const asHost = { authorization: `Bearer ${SERVICE_TOKEN}`, ...json };

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function call(
  path: string,
  body: unknown,
  {
    headers = asHost,
    method = "PUT",
    at = server,
  }: { headers?: Record<string, string>; method?: string; at?: TestServer } = {},
): Promise<Answer> {
  const content = method === "GET" ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const response = await fetch(`${at.url}${path}`, { method, headers, ...content });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const person = (id: string | number, name: string) => ({ id, username: name, display_name: name.toUpperCase() });

test("people and projects are put as a list, or under their name, with and without a slash at the end", async () => {
  const [ann, ben] = [person("auth0|ann", "ann"), person(7, "ben")];
  expect(await call(USERS, [ann, ben])).toMatchObject({ status: 200, body: { created: 2, changed: 0, unchanged: 0 } });
  expect((await call(`${USERS}/`, { users: [ann, person("7", "ben")] })).body).toEqual({
    created: 0,
    changed: 0,
    unchanged: 2,
  });
  const apollo = { id: 1, name: "Apollo", member_ids: ["auth0|ann", 7] };
  expect((await call(PROJECTS, [apollo])).body).toEqual({ created: 1, changed: 0, unchanged: 0 });
  expect((await call(PROJECTS, { projects: [{ id: 1, remove_member_ids: [7] }] })).body).toMatchObject({ changed: 1 });
  const token = await server.token({ hostId: "auth0|ann", username: "ann", displayName: "ANN" });
  const { data } = await server.graphql(
    token,
    "{ chatViewer { id chatDisplayName } chatProjects { id chatName chatMembers { nodes { id } } } }",
  );
  expect(data).toEqual({
    chatViewer: { id: "auth0|ann", chatDisplayName: "ANN" },
    chatProjects: [{ id: "1", chatName: "Apollo", chatMembers: { nodes: [{ id: "auth0|ann" }] } }],
  });
});

describe("a faulty call is told what is wrong, as Django REST framework does", () => {
  test.each([
    [USERS, [person(1, "x"), { id: 2, username: "y" }], "users[1].display_name"],
    [USERS, [person(1, "x"), { ...person(2, "y"), is_deleted: "no" }], "users[1].is_deleted"],
    [USERS, { people: [] }, "users"],
    [USERS, "3", "users"],
    [USERS, "null", "users"],
    [USERS, "", "users"],
    [PROJECTS, [{ id: 1, name: "x", add_member_ids: ["nobody"] }], "projects[0].add_member_ids[0]"],
  ])("%s %j", async (path, body, field) => {
    expect(await call(path, body)).toMatchObject({ status: 400, body: { [field]: [expect.any(String)] } });
  });

  test.each([
    ["no JSON at all", "{", asHost, 400],
    ["text", "[]", { ...asHost, "content-type": "text/plain" }, 415],
    ["a form", "a=1", { ...asHost, "content-type": "application/x-www-form-urlencoded" }, 415],
  ])("%s", async (_what, body, headers, status) => {
    expect(await call(USERS, body, { headers })).toMatchObject({ status, body: { detail: expect.any(String) } });
  });

  test.each(["GET", "POST", "DELETE", "PATCH"])("%s is not allowed", async (method) => {
    const { status, headers, body } = await call(USERS, [], { method });
    expect([status, headers.get("allow"), body]).toEqual([
      405,
      "PUT, OPTIONS",
      { detail: `Method "${method}" not allowed.` },
    ]);
  });
});

describe("the host product's calls are for the host product", () => {
  test("a person is refused, whoever they are", async () => {
    const headers = { ...json, authorization: `Bearer ${await server.token({ hostId: "somebody" })}` };
    for (const path of [USERS, `${USERS}/`, PROJECTS])
      expect(await call(path, [], { headers })).toMatchObject({ status: 403, body: { detail: expect.any(String) } });
  });

  test.each([
    ["without a token", {}],
    ["with another token", { authorization: "Bearer x" }],
    ["with the beginning of it", { authorization: `Bearer ${SERVICE_TOKEN.slice(0, -1)}` }],
    ["with more than it", { authorization: `Bearer ${SERVICE_TOKEN}x` }],
    ["with it under another scheme", { authorization: `Basic ${SERVICE_TOKEN}` }],
  ])("%s nobody gets in", async (_how, headers) => {
    const answer = await call(USERS, [], { headers: { ...json, ...headers } });
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  });

  test("where no service token is set, nobody has it", async () => {
    const closed = await startTestServer({ webRoot: import.meta.dirname }, { SERVICE_TOKEN: "" });
    try {
      for (const token of [SERVICE_TOKEN, "undefined", ""]) {
        const headers = { ...json, authorization: `Bearer ${token}` };
        expect((await call(USERS, [], { headers, at: closed })).status).toBe(401);
        expect((await closed.graphql(token, "{ __typename }")).status).toBe(401);
      }
    } finally {
      await closed.close();
    }
  });

  test("who calls is asked before what they send is read", async () => {
    const status = await new Promise((resolve, reject) => {
      const sending = request(`${server.url}${USERS}`, {
        method: "PUT",
        headers: { ...json, "content-length": 1_000_000_000 },
      });
      sending.on("error", reject).on("response", (response) => {
        resolve(response.statusCode);
        sending.destroy();
      });
      sending.write("[");
    });
    expect(status).toBe(401);
  });
});

describe("a large list", () => {
  const large = Array.from({ length: 4_000 }, (_each, index) => person(`large-${index}`, `a name ${"x".repeat(100)}`));

  test("is taken over REST, up to 16 MiB", async () => {
    expect(JSON.stringify(large).length).toBeGreaterThan(256 * 1024);
    expect(await call(USERS, large)).toMatchObject({ status: 200, body: { created: large.length } });
    const tooLarge = await call(USERS, `["${"x".repeat(16 * 1024 * 1024)}"]`);
    expect(tooLarge).toMatchObject({ status: 413, body: { detail: expect.stringContaining("16 MiB") } });
  });

  test("is too large for GraphQL, which says where to send it", async () => {
    const users = large.map(({ id, username }) => ({ id, username, displayName: username }));
    const document = "mutation ($input: UpsertChatUsersInput!) { upsertChatUsers(input: $input) { unchanged } }";
    const { status, errors } = await server.graphql(SERVICE_TOKEN, document, { input: { users } });
    expect([status, errors]).toMatchObject([
      413,
      [{ message: expect.stringContaining("/api/chat/admin/"), extensions: { code: "PAYLOAD_TOO_LARGE" } }],
    ]);
  });
});

test("the same rows over GraphQL do the same, with the same errors", async () => {
  const upsert = (name: string, input: object) =>
    server.graphql(
      SERVICE_TOKEN,
      `mutation ($input: Upsert${name}Input!) { upsert${name}(input: $input) { created changed unchanged } }`,
      { input },
    );
  const users = [
    { id: "g1", username: "g", displayName: "G" },
    { id: "g2", username: "h", displayName: "H" },
  ];
  expect((await upsert("ChatUsers", { users })).data).toEqual({
    upsertChatUsers: { created: 2, changed: 0, unchanged: 0 },
  });
  const projects = [{ id: "gp", name: "GP", memberIds: ["g1"] }];
  expect((await upsert("ChatProjects", { projects })).data).toEqual({
    upsertChatProjects: { created: 1, changed: 0, unchanged: 0 },
  });
  const faulty = [...users, { id: "g3", username: "i", displayName: null }];
  expect((await upsert("ChatUsers", { users: faulty })).errors).toMatchObject([
    { extensions: { code: "BAD_USER_INPUT", field: "users[2].displayName" } },
  ]);
});
