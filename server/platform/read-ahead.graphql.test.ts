import { beforeEach, expect, test } from "@jest/globals";
import { buildSchema, graphql, type GraphQLResolveInfo } from "graphql";
import { Loaders } from "./loaders.js";
import { ReadAhead, selectionsOfItems, type Selection } from "./read-ahead.graphql.js";
import type { Scope } from "./scope.js";

/** Nothing is loaded here. */
const loaders = new Loaders(parseScope({}));

function parseScope(scope: object): Scope {
  return scope as Scope;
}

const schema = buildSchema(`
  type Query { things(word: String): Things }
  type Things { nodes: [Thing!] edges: [Edge!] }
  type Edge { node: Thing! }
  type Thing { name: String owner: Thing }`);

/** What was read, as `field: items`. */
let read: string[];
let things: ReadAhead<string>;
beforeEach(() => {
  read = [];
  const owners = new ReadAhead<string>().field("name", (_loaders, items) =>
    read.push(`name of owner: ${items.join()}`),
  );
  things = new ReadAhead<string>()
    .field("name", (_loaders, items) => read.push(`name: ${items.join()}`))
    .field("owner", async (_loaders, items, below) => {
      read.push(`owner: ${items.join()}`);
      await owners.read(loaders, ["o"], [below]);
    });
});

/** Runs a document whose list reads ahead. */
async function run(source: string, items: readonly string[] = ["a", "b"]): Promise<readonly string[]> {
  let asked: readonly Selection[] = [];
  const rootValue = {
    async things(_args: unknown, _context: unknown, info: GraphQLResolveInfo) {
      asked = selectionsOfItems(info);
      await things.read(loaders, items, asked);
      return { nodes: [], edges: [] };
    },
  };
  expect((await graphql({ schema, source, rootValue })).errors).toBeUndefined();
  return read.toSorted();
}

test("what is asked for of the items of a list is read for all of them, and nothing else", async () => {
  expect(await run("{ things { nodes { name } } }")).toEqual(["name: a,b"]);
  expect(await run("{ things { nodes { __typename } } }")).toEqual(["name: a,b"]);
});

test("whatever fields are called, and in whichever fragment they stand", async () => {
  const source = `{ things { edges { node { ...Parts } } ... { nodes { called: name } } } }
    fragment Parts on Thing { mine: owner { ... on Thing { it: name } } }`;
  expect(await run(source)).toEqual(["name of owner: o", "name: a,b", "owner: a,b"]);
});

test("of an empty list nothing is read", async () => {
  expect(await run("{ things { nodes { name owner { name } } } }", [])).toEqual([]);
});

test("what fails is left to the field, and the rest is read", async () => {
  things.field("name", () => Promise.reject(new Error("away")));
  expect(await run("{ things { nodes { name owner { __typename } } } }")).toEqual(["owner: a,b"]);
});
