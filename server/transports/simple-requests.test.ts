import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Room } from "../features/rooms/room.js";
import { countingDatabase } from "../test/count-statements.js";
import { startGraphqlWorld, type GraphqlWorld } from "../test/graphql-world.js";
import { headOf } from "../test/heads.js";

let graph: GraphqlWorld;
let room: Room;
let token: string;
let statements = 0;
beforeAll(async () => {
  graph = await startGraphqlWorld({ CORS_ORIGINS: "https://host.example" }, (database) =>
    countingDatabase(database, () => (statements += 1)),
  );
  const project = await graph.world.project("apollo");
  const john = await graph.world.person("john", project);
  room = await graph.world.group(project, john);
  token = await graph.token(john);
});
afterAll(() => graph.close());

const QUERY = "{chatViewer{id}}";
const FORM = "--b\r\nContent-Disposition: form-data; name=";
const operations = `${FORM}"operations"\r\n\r\n${JSON.stringify({ query: QUERY })}\r\n${FORM}"map"\r\n\r\n{}\r\n--b--\r\n`;

interface SimpleRequest {
  readonly what: string;
  readonly method: "GET" | "HEAD" | "POST";
  readonly type?: string;
  readonly query?: string;
  readonly body?: string;
}

/** All that a page can make a browser send to GraphQL without asking first. */
const toGraphql: readonly SimpleRequest[] = [
  { what: "a query in the address", method: "GET", query: QUERY },
  { what: "a mutation in the address", method: "GET", query: "mutation{deleteChatRoom(input:{roomId:1}){roomId}}" },
  { what: "a query in the address, as text", method: "GET", query: QUERY, type: "text/plain" },
  { what: "a query in the address, as a form", method: "GET", query: QUERY, type: "application/x-www-form-urlencoded" },
  { what: "a query in the address, as a form of parts", method: "GET", query: QUERY, type: "multipart/form-data" },
  { what: "a query in the address of HEAD", method: "HEAD", query: QUERY },
  { what: "a query in the address of POST", method: "POST", query: QUERY },
  { what: "JSON without a type", method: "POST", body: JSON.stringify({ query: QUERY }) },
  { what: "JSON as text", method: "POST", type: "text/plain", body: JSON.stringify({ query: QUERY }) },
  {
    what: "JSON as text of a charset",
    method: "POST",
    type: "text/plain; charset=utf-8",
    body: JSON.stringify({ query: QUERY }),
  },
  {
    what: "JSON as text that says it is JSON",
    method: "POST",
    type: "text/plain; application/json",
    body: JSON.stringify({ query: QUERY }),
  },
  { what: "a form", method: "POST", type: "application/x-www-form-urlencoded", body: `query=${QUERY}` },
  {
    what: "JSON as a form",
    method: "POST",
    type: "application/x-www-form-urlencoded",
    body: JSON.stringify({ query: QUERY }),
  },
  { what: "a form of parts", method: "POST", type: "multipart/form-data; boundary=b", body: operations },
  { what: "a form of parts, in capitals", method: "POST", type: "Multipart/Form-Data; boundary=b", body: operations },
];

function sent(path: string, { method, type, body = "" }: Omit<SimpleRequest, "what">, ...lines: readonly string[]) {
  const said = type === undefined ? [] : [`Content-Type: ${type}`];
  const length = method === "POST" ? [`Content-Length: ${Buffer.byteLength(body)}`] : [];
  const head = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${new URL(graph.server.url).host}`,
    "Origin: https://evil.example",
    ...said,
    ...length,
  ];
  return headOf(graph.server.url, [...head, ...lines], body);
}

describe("a request that a browser sends for any page, to GraphQL:", () => {
  // Even with what no page can make a browser send along, and what one can.
  test.each(toGraphql)("$what is refused", async ({ query, ...request }) => {
    const path = query === undefined ? "/graphql" : `/graphql?query=${encodeURIComponent(query)}`;
    const bearer = await sent(path, request, `Authorization: Bearer ${token}`);
    expect([400, 404, 415]).toContain(bearer.status);
    for (const lines of [[], [`Cookie: token=${token}; authorization=Bearer ${token}`]]) {
      const { status, header } = await sent(path, request, ...lines);
      expect([401, 415]).toContain(status);
      expect(header("access-control-allow-origin")).toBeUndefined();
    }
  });

  test("is refused because it is one: the same is answered to who asks first", async () => {
    const authorization = `Authorization: Bearer ${token}`;
    const form = { method: "POST", type: "multipart/form-data; boundary=b", body: operations } as const;
    const json = { method: "POST", type: "application/json", body: JSON.stringify({ query: QUERY }) } as const;
    const get = `/graphql?query=${encodeURIComponent(QUERY)}`;
    const answers = await Promise.all([
      sent("/graphql", json, authorization),
      sent("/graphql", form, authorization, "apollo-require-preflight: true"),
      sent(get, { method: "GET" }, authorization, "apollo-require-preflight: true"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe("a request that a browser sends for any page, to REST,", () => {
  const fields = JSON.stringify({ room: 1, content: "forged" });
  const parts = `${FORM}"room"\r\n\r\n1\r\n${FORM}"content"\r\n\r\nforged\r\n--b--\r\n`;
  const forms: readonly Omit<SimpleRequest, "what">[] = [
    { method: "POST" },
    { method: "POST", body: fields },
    { method: "POST", type: "text/plain", body: fields },
    { method: "POST", type: "application/x-www-form-urlencoded", body: "room=1&content=forged" },
    { method: "POST", type: "multipart/form-data; boundary=b", body: parts },
    { method: "GET" },
  ];
  const rooms = "/api/chat/rooms/";
  const writes = () => [
    ...[rooms, "/api/chat/messages/", `${rooms}${room.id}/mark_read/`, `${rooms}${room.id}/add_participant/`],
    ...[`${rooms}${room.id}/remove_participant/`, "/api/chat/messages/1/add_reaction/"],
    ...["/api/chat/messages/1/remove_reaction/", "/api/chat/admin/revoke_tokens/"],
    ...[`${rooms}?access_token=${token}&token=${token}`, `${rooms}?_method=DELETE`],
  ];

  test("has nobody's name with it, and does nothing", async () => {
    statements = 0;
    const ways = [[], [`Cookie: token=${token}; sessionid=1`], [`Authorization: Basic ${btoa(`john:${token}`)}`]];
    for (const path of writes())
      for (const form of forms)
        for (const lines of ways) {
          const { status, header } = await sent(path, form, ...lines);
          expect([path, form, status]).toEqual([path, form, 401]);
          expect(header("access-control-allow-origin")).toBeUndefined();
        }
    expect(statements).toBe(0);
  });

  test("would not be read if it had", async () => {
    for (const form of forms.filter(({ body, type }) => body !== undefined && type?.startsWith("multipart") !== true))
      expect([form, (await sent("/api/chat/messages/", form, `Authorization: Bearer ${token}`)).status]).toEqual([
        form,
        415,
      ]);
  });
});
