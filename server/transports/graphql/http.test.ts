import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import type { User } from "../../features/directory/directory.js";
import type { Room } from "../../features/rooms/room.js";
import { errorCodes } from "../../platform/errors.js";

let graph: GraphqlWorld;
let john: User;
let room: Room;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  const project = await graph.world.project("apollo");
  john = await graph.world.person("john", project);
  room = await graph.world.group(project, john);
});
afterAll(() => graph.close());

const anyError = z.strictObject({
  message: z.string().min(1),
  locations: z.unknown().optional(),
  path: z.unknown().optional(),
  extensions: z.strictObject({
    code: z.enum(Object.keys(errorCodes)),
    field: z.string().optional(),
    retryAfterMs: z.number().optional(),
  }),
});

/** Sends a request as raw as it comes, and reads the answer as an error in the graph's own shape. */
async function refusal(init: RequestInit, path = "/graphql") {
  const authorization = `Bearer ${await graph.token(john)}`;
  const response = await fetch(`${graph.server.url}${path}`, {
    method: "POST",
    ...init,
    headers: { authorization, "content-type": "application/json", ...init.headers },
  });
  const text = await response.text();
  const { errors } = z.object({ errors: z.array(anyError).min(1) }).parse(JSON.parse(text));
  return { status: response.status, code: errors[0]?.extensions.code, text };
}

const SEND = "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id } } }";

describe("a document that can't be run is the caller's to mend", () => {
  test.each([
    ["a syntax error", "{ chatViewer {", {}],
    ["a field that does not exist", "{ chatViewer { password } }", {}],
    ["an argument of the wrong type", "{ chatRoom(id: [1]) { id } }", {}],
    ["no operation at all", "fragment f on User { id }", {}],
    ["a subscription over HTTP", "subscription { chatEvents { cursor } }", {}],
    ["more tokens than anybody needs", `{ ${"chatViewer { id } ".repeat(400)} }`, {}],
  ])("%s", async (_what, query, variables) => {
    const answer = await graph.ask(john, query, variables);
    expect(answer.errors.map(({ extensions }) => extensions)).toEqual(
      answer.errors.map(() => ({ code: "BAD_USER_INPUT" })),
    );
    expect(answer.errors.length).toBeGreaterThan(0);
    expect(answer.data ?? null).toBeNull();
  });

  test.each<readonly [string, string, Record<string, unknown>, string]>([
    ["a variable of the wrong type", "query ($id: ID!) { chatRoom(id: $id) { id } }", { id: { a: 1 } }, "id"],
    ["a variable that is missing", "query ($id: ID!) { chatRoom(id: $id) { id } }", {}, "id"],
    ["an input with a field too many", SEND, { input: { roomId: "1", content: "x", userId: "2" } }, "userId"],
    ["a number that is none", "query ($n: Int) { chatRooms(first: $n) { nodes { id } } }", { n: 1.5 }, "n"],
    ["an enum value of our own making", SEND, { input: { roomId: "1", content: "x", type: "text" } }, "type"],
    ["an input without a field", SEND, { input: { content: "x" } }, "roomId"],
    [
      "a part of an input of the wrong type",
      SEND,
      { input: { roomId: "1", content: { at: '" at "input.roomId"; ' } } },
      "content",
    ],
    ["an input that is none", SEND, { input: 5 }, "input"],
  ])("with %s, the place of which is named", async (_what, query, variables, field) => {
    const answer = await graph.ask(john, query, variables);
    expect(answer.errors.map(({ extensions }) => extensions)).toEqual([{ code: "BAD_USER_INPUT", field }]);
    expect(answer.data ?? null).toBeNull();
  });

  test("two operations, and not saying which", async () => {
    const { code } = await refusal({
      body: JSON.stringify({ query: "query a { chatViewer { id } } query b { chatViewer { id } }" }),
    });
    expect(code).toBe("BAD_USER_INPUT");
  });

  test.each([
    ["no JSON", "{", 400, "BAD_USER_INPUT"],
    ["no object", "[]", 400, "BAD_USER_INPUT"],
    ["no query", "{}", 400, "BAD_USER_INPUT"],
    ["a batch", '[{"query":"{ chatViewer { id } }"}]', 400, "BAD_USER_INPUT"],
    ["nothing", "", 400, "BAD_USER_INPUT"],
    ["too much", JSON.stringify({ query: "#".repeat(300_000) }), 413, "PAYLOAD_TOO_LARGE"],
  ])("a body that is %s", async (_what, body, status, code) => {
    expect(await refusal({ body })).toMatchObject({ status, code });
  });

  test.each(["application/xml", "text/plain"])("a body of another kind: %s", async (type) => {
    expect(await refusal({ body: "<a/>", headers: { "content-type": type } })).toMatchObject({
      status: 415,
      code: "UNSUPPORTED_MEDIA_TYPE",
    });
  });

  test("a page of another origin can't make a browser send a simple request", async () => {
    const { code } = await refusal(
      { method: "GET", headers: { "content-type": "text/plain" } },
      `/graphql?query=${encodeURIComponent("{chatViewer{id}}")}`,
    );
    expect(code).toBe("BAD_USER_INPUT");
  });
});

describe("what a verb refuses", () => {
  test("names the input that is at fault", async () => {
    const answer = await graph.ask(john, SEND, { input: { roomId: String(room.id), content: "" } });
    expect(answer).toMatchObject({
      status: 200,
      errors: [{ path: ["sendChatMessage"], extensions: { code: "BAD_USER_INPUT", field: "content" } }],
    });
  });

  test("says what is not there", async () => {
    const answer = await graph.ask(john, SEND, { input: { roomId: "99", content: "x" } });
    expect(answer).toMatchObject({ status: 200, errors: [{ extensions: { code: "NOT_FOUND" } }] });
  });

  test("is told without a stack, a path of a file, or SQL", async () => {
    for (const variables of [
      { input: { roomId: "0", content: "x" } },
      { input: 7 },
      { input: { roomId: "1", content: "\u0000", clientMutationId: "x" } },
    ]) {
      const { text } = await refusal({ body: JSON.stringify({ query: SEND, variables }) });
      expect(text).not.toMatch(/stack|node_modules|\.[jt]s:\d|select |insert /i);
    }
  });

  test("by accident is INTERNAL_SERVER_ERROR, without its words", async () => {
    const broken = await startGraphqlWorld();
    const person = await broken.world.person("john");
    const token = await broken.token(person);
    await broken.server.graphql(token, "{ chatViewer { id } }");
    await broken.world.database.orm.em.fork().getKysely().schema.alterTable("chat_room").renameTo("lost").execute();
    const answer = await broken.server.graphql(token, "{ chatRooms { nodes { id } } }");
    expect(answer.errors).toMatchObject([
      { message: "Something went wrong on our side. Try once more.", extensions: { code: "INTERNAL_SERVER_ERROR" } },
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/relation|chat_room"|stack/);
    await broken.close();
  });
});

describe("who is there", () => {
  test("a stranger is refused before the document is looked at", async () => {
    const answer = await graph.ask(null, "{ nonsense }");
    expect(answer).toMatchObject({
      status: 401,
      errors: [{ message: "Log in first: send a bearer token.", extensions: { code: "UNAUTHENTICATED" } }],
    });
  });

  test("a token that has expired, or is none, is no token", async () => {
    const expired = await graph.server.token(john, 60_000);
    graph.world.clock.advance(66_000);
    for (const token of [expired, "nonsense", `${expired}x`]) {
      expect(await graph.server.graphql(token, "{ chatViewer { id } }")).toMatchObject({
        status: 401,
        errors: [{ extensions: { code: "UNAUTHENTICATED" } }],
      });
    }
  });

  test("somebody whom we have never seen is a person without projects and rooms", async () => {
    const token = await graph.server.token({ hostId: "zoe", username: "zoe", displayName: "Zoë" });
    const answer = await graph.server.graphql(
      token,
      "{ chatViewer { id chatUsername chatDisplayName chatPresence } chatProjects { id } chatRooms { nodes { id } } }",
    );
    expect(answer.data).toEqual({
      chatViewer: { id: "zoe", chatUsername: "zoe", chatDisplayName: "Zoë", chatPresence: "OFFLINE" },
      chatProjects: [],
      chatRooms: { nodes: [] },
    });
  });
});

test("a host name that is not ours is refused on every address", async () => {
  const { request } = await import("node:http");
  const status = (host: string) =>
    new Promise((resolve, reject) => {
      const call = request(`${graph.server.url}/healthz`, { headers: { host } }, (answer) =>
        resolve(answer.resume().statusCode),
      );
      call.on("error", reject).end();
    });
  const { host } = new URL(graph.server.url);
  expect(
    await Promise.all(
      [host, "evil.example", `${host}.evil.example`, "localhost@evil.example", "localhost:99999", ""].map(status),
    ),
  ).toEqual([200, 403, 403, 403, 403, expect.any(Number)]);
});
