import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Client } from "graphql-ws";
import { Kind, parse, visit, type DocumentNode } from "graphql";
import type { User } from "../../features/directory/directory.js";
import { hostileCorpus, type HostileOperation } from "../../fuzz/hostile-documents.js";
import { countingDatabase } from "../../test/count-statements.js";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import { MAX_TOKENS } from "./documents.js";
import { excessOf } from "./limits.js";
import { createSchema } from "./schema.js";

const seed = Math.floor(Math.random() * 2 ** 31);
const operations = hostileCorpus(seed);

let graph: GraphqlWorld;
let john: User;
let statements = 0;
beforeAll(async () => {
  graph = await startGraphqlWorld({}, (database) => countingDatabase(database, () => (statements += 1)));
  john = await graph.world.person("john", await graph.world.project("apollo"));
});
afterAll(() => graph.close());

const codesOf = (errors: unknown): readonly string[] =>
  (JSON.parse(JSON.stringify(errors ?? [])) as { extensions: { code: string } }[]).map(
    (error) => error.extensions.code,
  );

const isRefusal = (codes: readonly string[]): boolean =>
  codes.length > 0 && codes.every((code) => code === "BAD_USER_INPUT");

test(`${operations.length} operations that nobody needs are refused over HTTP, unexecuted (seed ${seed})`, async () => {
  // Who asks is looked up once.
  const token = await graph.token(john);
  await graph.server.graphql(token, "{ chatViewer { id } }");
  statements = 0;
  for (const { query, variables } of operations) {
    const { data, errors } = await graph.server.graphql(token, query, { ...variables });
    expect([query, data ?? null, isRefusal(codesOf(errors))]).toEqual([query, null, true]);
  }
  expect([operations.length, statements]).toEqual([200, 0]);
});

test(`and over WebSocket (seed ${seed})`, async () => {
  const client = await graph.connect(john);
  await once(client, "{ chatViewer { id } }", {});
  statements = 0;
  for (const { query, variables } of operations) {
    const { data, errors } = await once(client, query, variables);
    expect([query, data, isRefusal(codesOf(errors))]).toEqual([query, null, true]);
  }
  expect(statements).toBe(0);
  await client.dispose();
});

/** What one operation brings over WebSocket: values that can't be used are told as a result, and all else as an error. */
function once(client: Client, query: string, variables: HostileOperation["variables"]) {
  let answer: { data?: unknown; errors?: unknown } = {};
  return new Promise<{ data: unknown; errors: unknown }>((resolve) => {
    const end = (errors = answer.errors): void => resolve({ data: answer.data ?? null, errors });
    client.subscribe(
      { query, variables },
      { next: (result) => void (answer = result), error: (errors) => end(errors), complete: () => end() },
    );
  });
}

test(`measuring them takes work that grows with their length alone (seed ${seed})`, () => {
  const { schema } = createSchema();
  for (const { query, variables } of operations) {
    const counted = countVisits(query);
    if (counted === undefined) continue;
    excessOf(schema, { document: counted.document, variables });
    // Each selection is looked at a few times; a fragment that were measured at each spread would be a thousand times.
    expect([query, counted.visits() <= 4 * counted.selections]).toEqual([query, true]);
  }
});

/** A document that counts how often the kinds of its selections are looked at. */
function countVisits(query: string) {
  const document = parsed(query);
  if (document === undefined) return undefined;
  let selections = 0;
  let visits = 0;
  const count = (node: object, kind: Kind): void => {
    selections += 1;
    Object.defineProperty(node, "kind", { get: () => ((visits += 1), kind) });
  };
  // After the last look of the visitor's own.
  const found: [object, Kind][] = [];
  visit(document, {
    enter(node) {
      if (node.kind === Kind.FIELD || node.kind === Kind.FRAGMENT_SPREAD || node.kind === Kind.INLINE_FRAGMENT)
        found.push([node, node.kind]);
    },
  });
  for (const [node, kind] of found) count(node, kind);
  return { document, selections, visits: () => visits };
}

function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query, { maxTokens: MAX_TOKENS });
  } catch {
    return undefined;
  }
}
