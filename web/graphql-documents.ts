import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { InMemoryCache } from "@apollo/client/cache";
import {
  Kind,
  parse,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from "graphql";
import { printForServer } from "./src/lib/socket-document.js";
import type { Plugin } from "vite";

/** A document in the source: its kind, its name and its text. */
const DOCUMENT = /\bgraphql\(`(\s*(?:query|mutation|subscription|fragment)\s+(\w+)[^`]*)`\)/g;
const IMPORT = /import \{ graphql \} from "[^"]*\/gql\.js";/;
const SOURCES = join(import.meta.dirname, "src");
/** Each definition is a module of its own. */
const MODULE = "\0graphql-document/";

type Definition = FragmentDefinitionNode | OperationDefinitionNode;

function parseDefinition(text: string): Definition {
  const [definition, ...more] = parse(text, { noLocation: true }).definitions;
  const isOurs = definition?.kind === Kind.FRAGMENT_DEFINITION || definition?.kind === Kind.OPERATION_DEFINITION;
  if (!isOurs || more.length > 0) throw new Error(`Each document holds one operation or one fragment: ${text}`);
  return definition;
}

/** All documents of the client, by their names. */
async function readDefinitions(): Promise<Map<string, Definition>> {
  const files = await readdir(SOURCES, { recursive: true });
  const sources = files.filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !file.startsWith("gql"),
  );
  const texts = await Promise.all(sources.map((file) => readFile(join(SOURCES, file), "utf8")));
  const found = texts.flatMap((text) => [...text.matchAll(DOCUMENT)]);
  return new Map(found.map(([, text = "", name = ""]) => [name, parseDefinition(text)]));
}

function spreadsOf(definition: Definition): string[] {
  const names: string[] = [];
  visit(definition, { FragmentSpread: (spread) => void names.push(spread.name.value) });
  return names;
}

/** The fragments that a definition stands on, and those that they stand on, once each. */
function fragmentsOf(definition: Definition, all: ReadonlyMap<string, Definition>): Set<string> {
  const found = new Set<string>();
  const waiting = spreadsOf(definition);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const fragment = all.get(name);
    if (!fragment) throw new Error(`There is no fragment ${name}.`);
    if (!found.has(name)) waiting.push(...spreadsOf(fragment));
    found.add(name);
  }
  return found;
}

/** As a literal; lists without anything in them are as good as none. */
function print(definition: Definition): string {
  return JSON.stringify(definition, (_key, value: unknown) =>
    Array.isArray(value) && value.length === 0 ? undefined : value,
  );
}

/** An operation's text as the server is to execute it, and the id that stands for it. */
interface Registered {
  readonly id: string;
  readonly text: string;
}

/** Null for a fragment: nobody asks for one alone. */
function register(name: string, all: ReadonlyMap<string, Definition>): Registered | null {
  const own = all.get(name);
  if (own?.kind !== Kind.OPERATION_DEFINITION) return null;
  const definitions = [own, ...[...fragmentsOf(own, all)].flatMap((fragment) => all.get(fragment) ?? [])];
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions };
  const text = printForServer(document, new InMemoryCache());
  return { id: createHash("sha256").update(text).digest("hex"), text };
}

function printModule(name: string, all: ReadonlyMap<string, Definition>): string {
  const own = all.get(name);
  if (!own) throw new Error(`There is no document ${name}.`);
  const fragments = [...fragmentsOf(own, all)];
  const imports = fragments.map(
    (each, index) => `import { definition as f${index} } from ${JSON.stringify(MODULE + each)};`,
  );
  const registered = register(name, all);
  const id = registered === null ? "" : `, documentId: ${JSON.stringify(registered.id)}`;
  const definitions = ["definition", ...fragments.map((_each, index) => `f${index}`)];
  return [
    ...imports,
    `export const definition = ${print(own)};`,
    `export const document = { kind: "Document", definitions: [${definitions.join(", ")}]${id} };`,
  ].join("\n");
}

/**
 * Puts a module of its own in the place of each `graphql(...)`. The generated table is one module, which the first page
 * would load as a whole, with each fragment written out in every document that uses it. Operations have an id, and
 * `documents.json` has the texts that the server shall know by them.
 */
export function graphqlDocuments(): Plugin {
  let all: ReadonlyMap<string, Definition> = new Map();
  return {
    name: "graphql-documents",
    apply: "build",
    enforce: "pre",
    async buildStart() {
      all = await readDefinitions();
    },
    generateBundle() {
      const registered = [...all.keys()].flatMap((name) => register(name, all) ?? []);
      const texts = Object.fromEntries(registered.map(({ id, text }) => [id, text]));
      this.emitFile({ type: "asset", fileName: "documents.json", source: JSON.stringify(texts) });
    },
    resolveId: { filter: { id: /^\0graphql-document\// }, handler: (id) => ({ id, moduleSideEffects: false }) },
    load: {
      filter: { id: /^\0graphql-document\// },
      handler: (id) => printModule(id.slice(MODULE.length), all),
    },
    transform: {
      filter: { id: /\/web\/src\/(?!gql\/).*\.tsx?$/, code: "graphql(`" },
      handler(code) {
        const names = new Set<string>();
        const replaced = code.replaceAll(DOCUMENT, (_whole, _text: string, name: string) => {
          names.add(name);
          return `${name}GraphQLDocument`;
        });
        if (names.size === 0) return null;
        if (replaced.includes("graphql(`"))
          this.error("A document here begins neither with an operation nor a fragment.");
        const imports = [...names].map(
          (name) => `import { document as ${name}GraphQLDocument } from ${JSON.stringify(MODULE + name)};`,
        );
        return { code: replaced.replace(IMPORT, imports.join(" ")), map: null };
      },
    },
  };
}
