import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Kind, parse, visit, type DocumentNode } from "graphql";
import type { User } from "../../features/directory/directory.js";
import { hostileOperations } from "../../fuzz/hostile-documents.js";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import { MAX_TOKENS } from "./documents.js";
import { excessOf } from "./limits.js";
import { createSchema } from "./schema.js";

const HOW_MANY = 200;
const seed = Math.floor(Math.random() * 2 ** 31);
const operations = fc.sample(hostileOperations, { numRuns: HOW_MANY, seed });

let graph: GraphqlWorld;
let john: User;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  john = await graph.world.person("john", await graph.world.project("apollo"));
});
afterAll(() => graph.close());

const codesOf = (errors: unknown): readonly string[] =>
  (JSON.parse(JSON.stringify(errors ?? [])) as { extensions: { code: string } }[]).map(
    (error) => error.extensions.code,
  );

const isRefusal = (codes: readonly string[]): boolean =>
  codes.length > 0 && codes.every((code) => code === "BAD_USER_INPUT");

test(`${HOW_MANY} operations that nobody needs are refused over HTTP (seed ${seed})`, async () => {
  for (const { query, variables } of operations) {
    const { data, errors } = await graph.ask(john, query, variables);
    expect([query, data ?? null, isRefusal(codesOf(errors))]).toEqual([query, null, true]);
  }
});

test(`and over WebSocket (seed ${seed})`, async () => {
  const client = await graph.connect(john);
  for (const { query, variables } of operations) {
    const answers: unknown[] = [];
    const errors = await new Promise((resolve) => {
      client.subscribe(
        { query, variables },
        { next: (answer) => answers.push(answer), error: resolve, complete: () => resolve([]) },
      );
    });
    expect([query, answers, isRefusal(codesOf(errors))]).toEqual([query, [], true]);
  }
  await client.dispose();
});

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
