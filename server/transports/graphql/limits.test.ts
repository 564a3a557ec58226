import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { getIntrospectionQuery, Kind, parse, type DefinitionNode } from "graphql";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import type { User } from "../../features/directory/directory.js";
import * as bench from "../../bench/documents.js";
import { LIMITS, excessOf, type Asked } from "./limits.js";
import { createSchema } from "./schema.js";

const WEB = join(import.meta.dirname, "../../../web/src");
const { schema } = createSchema();

const repeated = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(" ");

/** Fields in fields: a message, its room, the room's last message, ... */
function nested(depth: number): string {
  const inner = repeated(depth - 2, (index) => (index % 2 === 0 ? "{ room" : "{ lastMessage"));
  return `{ chatMessage(id: "1") ${inner} { id } ${"}".repeat(depth - 2)} }`;
}

/** Each fragment spreads the next one twice. */
function bomb(count: number): string {
  const fragments = repeated(count, (n) => `fragment f${n} on ChatRoom { owner { id } ...f${n + 1} ...f${n + 1} }`);
  return `{ chatRoom(id: "1") { ...f0 } } ${fragments} fragment f${count} on ChatRoom { a: id }`;
}

interface Case {
  readonly what: string;
  readonly allowed: string;
  readonly refused: string;
  readonly variables?: Record<string, unknown>;
  readonly words: string;
}

const cases: readonly Case[] = [
  { what: "depth", allowed: nested(12), refused: nested(13), words: "12 levels of fields" },
  {
    what: "aliases",
    allowed: `{ chatViewer { ${repeated(15, (n) => `a${n}: id`)} } }`,
    refused: `{ chatViewer { ${repeated(16, (n) => `a${n}: id`)} } }`,
    words: "15 aliases",
  },
  {
    what: "aliases in fragments, where they are spread",
    allowed: `{ chatViewer { ...f } chatProjects { chatMembers { nodes { ...f } } } } fragment f on User { a: id b: id }`,
    refused: `{ chatViewer { ...f } chatProjects { chatMembers { nodes { ...f } } } }
      fragment f on User { ${repeated(8, (n) => `a${n}: id`)} }`,
    words: "15 aliases",
  },
  { what: "a bomb of fragments", allowed: bomb(3), refused: bomb(60), words: "15 aliases" },
  {
    what: "directives",
    allowed: `{ chatViewer { id ${repeated(5, () => "... @include(if: true) { id }")} } }`,
    refused: `{ chatViewer { id ${repeated(6, () => "... @include(if: true) { id }")} } }`,
    words: "5 directives",
  },
  {
    what: "root fields",
    allowed: `{ ${repeated(10, (n) => `a${n}: chatViewer { id }`)} }`,
    refused: `{ ${repeated(11, (n) => `a${n}: chatViewer { id }`)} }`,
    words: "10 root fields",
  },
  {
    what: "objects",
    allowed: "{ chatRooms(first: 100) { nodes { messages(first: 100) { nodes { id } } } } }",
    refused: "{ chatRooms(first: 100) { nodes { messages(first: 100) { nodes { user { id } } } } } }",
    words: "20000 objects",
  },
  {
    what: "the schema",
    allowed: "{ __schema { types { name } } }",
    refused: "{ __schema { types { name } } b: __schema { types { name } } }",
    words: "20000 objects",
  },
  {
    what: "objects, by variables",
    allowed: "query ($n: Int) { chatRooms(first: $n) { nodes { messages(first: $n) { nodes { user { id } } } } } }",
    refused:
      "query ($n: Int = 100) { chatRooms(first: $n) { nodes { messages(first: $n) { nodes { user { id } } } } } }",
    variables: { n: 90 },
    words: "20000 objects",
  },
  {
    what: "objects, by pages of which one size is null",
    allowed: "{ chatRooms(first: null, last: 100) { nodes { messages(first: null, last: 100) { nodes { id } } } } }",
    refused: `{ chatRooms(first: null, last: 100) { nodes { messages(first: null, last: 100) { nodes {
      room { messages(first: null, last: 100) { nodes { id } } } } } } } }`,
    words: "20000 objects",
  },
  {
    what: "aliases in what the schema says of itself",
    allowed: `{ __schema { ${repeated(15, (n) => `a${n}: description`)} } }`,
    refused: `{ __schema { types { ...t } } } fragment t on __Type { ${repeated(4, (n) => `a${n}: ofType { ...u }`)} }
      fragment u on __Type { ${repeated(4, (n) => `a${n}: name`)} }`,
    words: "15 aliases",
  },
  {
    what: "entities, by how many are asked for",
    allowed: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ChatRoom { messages { nodes { id } } } } }`,
    refused: `query ($of: [_Any!]!) {
      _entities(representations: $of) { ... on ChatRoom { messages(first: 100) { nodes { user { id } } } } } }`,
    variables: { of: Array.from({ length: 150 }, (_, id) => ({ __typename: "ChatRoom", id: String(id) })) },
    words: "20000 objects",
  },
  {
    what: "objects of several types, of which each is one",
    allowed: `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on ChatRoom { owner { id } project { id } createdBy { id } lastMessage { user { id } room { id } } }
      ... on ChatMessage { user { id } room { owner { id } project { id } createdBy { id } } } } }`,
    refused: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ChatRoom {
      owner { id } project { id } createdBy { id }
      lastMessage { user { id } room { owner { id } project { id } createdBy { id } lastMessage { id } } } } } }`,
    variables: { of: Array.from({ length: 2_000 }, () => ({ __typename: "ChatRoom", id: "0" })) },
    words: "20000 objects",
  },
];

let graph: GraphqlWorld;
let john: User;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  john = await graph.world.person("john", await graph.world.project("apollo"));
});
afterAll(() => graph.close());

type Answer = readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];

const asks = {
  HTTP: async (query: string, variables?: Record<string, unknown>): Promise<Answer> =>
    (await graph.ask(john, query, variables)).errors,
  WebSocket: async (query: string, variables?: Record<string, unknown>): Promise<Answer> => {
    const client = await graph.connect(john);
    try {
      const results = client.iterate({ query, ...(variables && { variables }) });
      for await (const { errors } of results) return JSON.parse(JSON.stringify(errors ?? []));
      return [];
    } catch (errors) {
      return JSON.parse(JSON.stringify(errors));
    } finally {
      await client.dispose();
    }
  },
};

describe.each(Object.keys(asks))("over %s", (transport) => {
  test.each(cases)("$what", async ({ allowed, refused, variables, words }) => {
    const ask = transport === "HTTP" ? asks.HTTP : asks.WebSocket;
    expect((await ask(allowed, variables)).filter(({ message }) => message.includes("at most"))).toEqual([]);
    const { n: _default, ...others } = variables ?? {};
    expect(await ask(refused, others)).toEqual([
      expect.objectContaining({
        message: expect.stringContaining(`at most ${words}`),
        extensions: { code: "BAD_USER_INPUT" },
      }),
    ]);
  });
});

test("entities count that a variable is preset with", async () => {
  const preset = repeated(105, (id) => `{ __typename: "ChatRoom", id: "${id}" }`);
  const [fault] = await asks.HTTP(`query ($of: [_Any!]! = [${preset}]) {
    _entities(representations: $of) { ... on ChatRoom { messages(first: 100) { nodes { user { id } } } } } }`);
  expect(fault?.message).toContain("at most 20000 objects");
});

test("fragments that spread each other are read ahead once, however often they are spread", async () => {
  const fragments = repeated(60, (n) => `fragment f${n} on ChatRoom { ...f${n + 1} ...f${n + 1} }`);
  const { errors } = await graph.ask(
    john,
    `{ chatRooms { nodes { ...f0 } } } ${fragments} fragment f60 on ChatRoom { id }`,
  );
  expect(errors).toEqual([]);
});

test("no document is remembered by an id of its sender's: what is executed is what was measured", async () => {
  const query = `query A { chatViewer { id } } query B { ${repeated(11, () => "chatViewer { id }")} }`;
  const sha256Hash = createHash("sha256").update(query).digest("hex");
  const send = async (body: object): Promise<string> => {
    const authorization = `Bearer ${await graph.token(john)}`;
    const headers = { authorization, "content-type": "application/json" };
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const init = { method: "POST", headers, body: JSON.stringify({ ...body, extensions }) };
    return (await fetch(`${graph.server.url}/graphql`, init)).text();
  };
  expect(await send({ query, operationName: "A" })).toContain('"data":{"chatViewer"');
  expect(await send({ operationName: "B" })).toContain("PersistedQueryNotFound");
});

test("variables have a size", async () => {
  const query = "query ($id: ID!) { chatRoom(id: $id) { id } }";
  const [fault] = await asks.HTTP(query, { id: "x".repeat(LIMITS.variables) });
  expect(fault).toMatchObject({
    message: expect.stringContaining("Variables"),
    extensions: { code: "BAD_USER_INPUT" },
  });
});

test("a stranger is told nothing but to log in", async () => {
  const answer = await graph.ask(null, nested(13));
  expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(["UNAUTHENTICATED"]);
});

test("in an address variables count as well", async () => {
  const [objects] = cases.filter(({ what }) => what === "objects, by variables");
  const parameters = new URLSearchParams({ query: objects?.allowed ?? "", variables: JSON.stringify({ n: 100 }) });
  const response = await fetch(`${graph.server.url}/graphql?${parameters.toString()}`, {
    headers: { authorization: `Bearer ${await graph.token(john)}`, "apollo-require-preflight": "1" },
  });
  expect(await response.text()).toContain("at most 20000 objects");
});

const refusalOf = (asked: Asked): string | null => excessOf(schema, asked) ?? null;

test("GraphiQL's look at the schema is none of this", () => {
  const document = parse(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }));
  expect(refusalOf({ document })).toBeNull();
});

test("a fragment that spreads itself is measured to its end", () => {
  const document = parse("{ chatViewer { ...f } } fragment f on User { id ...g } fragment g on User { id ...f }");
  expect(refusalOf({ document })).toBeNull();
});

/** All that the web client asks, out of its sources, as Apollo Client sends it: without what is for itself. */
async function webDocuments(): Promise<readonly DefinitionNode[]> {
  const definitions: DefinitionNode[] = [];
  for await (const path of glob("**/*.{ts,tsx}", { cwd: WEB })) {
    const source = await readFile(join(WEB, path), "utf8");
    for (const [, text = ""] of source.matchAll(/\bgraphql\(`([^`]*)`\)/g))
      definitions.push(...parse(text.replaceAll(" @unmask", "")).definitions);
  }
  return definitions;
}

test("the web client and the benchmarks ask for less than that", async () => {
  const web = { kind: Kind.DOCUMENT, definitions: await webDocuments() } as const;
  const names = web.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION && node.name ? [node.name.value] : [],
  );
  expect(names.length).toBeGreaterThan(20);
  const texts = Object.values(bench).flatMap((value) => (typeof value === "string" ? [value] : []));
  const refusals = [
    ...names.map((operationName) => [operationName, refusalOf({ document: web, operationName })]),
    ...texts.map((text) => [text, refusalOf({ document: parse(text) })]),
  ];
  expect(refusals.filter(([, refusal]) => refusal !== null)).toEqual([]);
});
