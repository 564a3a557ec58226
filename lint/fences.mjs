import { posix, relative, sep } from "node:path";

// Who may import whom: one table, one ladder. `docs/architecture.md` says why; `server/test/fences.test.ts` feeds the
// linter one bad import for every row, so that it cannot go blind.

/** The features. Each may import only those before it, and anyone's vocabulary. */
export const LADDER = [
  "limits",
  "audit",
  "directory",
  "feed",
  "sessions",
  "rooms",
  "attachments",
  "messages",
  "reactions",
  "receipts",
  "search",
  "typing",
  "presence",
];

// graphql-subscriptions and graphql-redis-subscriptions know no graph, whatever their names: they are brokers.
const GRAPHQL = /^(graphql|type-graphql|graphql-(?!(redis-)?subscriptions$)[\w-]+|@apollo\/.*|@graphql-tools\/.*)$/;
const NETWORK = /^(fastify|@fastify\/.*|@as-integrations\/.*|ws|ioredis|graphql-(redis-)?subscriptions)$/;
const DATABASE = /^(@mikro-orm\/.*|kysely|pg|@electric-sql\/.*)$/;

const DATABASE_ROLES = ["entity", "actions", "queries", "access", "follow"];
/** Who puts a server together: its log is held to what none may have, or nobody looks at what it says. */
const STARTERS = ["server/test/server.ts", "server/fuzz/target.ts", "server/bench/server.process.ts"];
const READS_ENVIRONMENT = ["server/config.ts", "web/src/lib/env.ts"];

/**
 * The table. `from` is the importing file and `to` what it imports, both as `describe` and `describePackage` make them;
 * the first row that forbids an import is the one reported. Tests may import everything but what the row for them says.
 */
export const TABLE = [
  {
    name: "two programs",
    says: "web/ and server/ share nothing but schema.graphql.",
    forbids: (from, to) =>
      (from.zone === "web" && to.program === "server") || (from.program === "server" && to.program === "web"),
  },
  {
    name: "client",
    says: "client/ imports nothing but its own files, and nobody here but tests imports it: it is made to be copied.",
    forbids: (from, to) => (from.program === "client") !== (to.program === "client"),
  },
  {
    name: "tests",
    says: "Only tests, benchmarks, chaos and the fuzzer import what is made for them.",
    forbids: (from, to) => to.zone === "test",
  },
  {
    name: "platform",
    says: "The platform knows nothing of chat: it imports no feature, no transport and no composition.",
    forbids: (from, to) => from.zone === "platform" && ["features", "transports", "composition"].includes(to.zone),
  },
  {
    name: "features",
    says: "A feature does not know who calls it: it imports no transport and no composition.",
    forbids: (from, to) => from.zone === "features" && ["transports", "composition"].includes(to.zone),
  },
  {
    name: "transports",
    says: "A transport is handed what it needs: it imports no composition.",
    forbids: (from, to) => from.zone === "transports" && to.zone === "composition",
  },
  {
    name: "transports apart",
    says: "Transports do not lean on one another; what they share stands beside their folders, or in a feature.",
    forbids: (from, to) => isSet(from.transport) && isSet(to.transport) && from.transport !== to.transport,
  },
  {
    name: "vocabulary",
    says: "A vocabulary file (noun.ts) imports zod, the platform and other vocabulary only.",
    forbids: (from, to) =>
      from.role === "vocabulary" && to.name !== "zod" && to.zone !== "platform" && to.role !== "vocabulary",
  },
  {
    name: "ladder",
    says: `A feature imports only those above it (${LADDER.join(" > ")}); from one below only its vocabulary (noun.ts).`,
    forbids: (from, to) =>
      isSet(from.feature) && isSet(to.feature) && to.role !== "vocabulary" && rung(to) > rung(from),
  },
  {
    name: "graphql",
    says: "Only *.graphql.ts and transports/graphql know GraphQL's packages.",
    forbids: (from, to) =>
      from.program === "server" && GRAPHQL.test(to.name) && from.role !== "graphql" && from.transport !== "graphql",
  },
  {
    name: "resolvers",
    says: "Only other *.graphql.ts and transports/graphql import a *.graphql.ts.",
    forbids: (from, to) => to.role === "graphql" && from.role !== "graphql" && from.transport !== "graphql",
  },
  {
    name: "network",
    says: "A feature knows no server, socket or broker: fastify, ws and ioredis stay in transports and platform.",
    forbids: (from, to) => from.zone === "features" && NETWORK.test(to.name),
  },
  {
    name: "database",
    says: "Only entities, actions, queries, access, follow, the feed and the platform know the database's packages.",
    forbids: (from, to) => DATABASE.test(to.name) && !knowsDatabase(from),
  },
  {
    name: "entities",
    says: "The entity stops at actions and queries: take the plain object of the vocabulary.",
    forbids: (from, to) => to.role === "entity" && !knowsDatabase(from),
  },
  {
    name: "watched logs",
    says: "A test starts a server by server/test/server.ts, which holds its log to what none may have.",
    isForTests: true,
    forbids: (from, to) => to.path === "server/app.ts" && !STARTERS.includes(from.path),
  },
];

const isSet = (value) => value !== undefined;
const rung = ({ feature }) => (LADDER.includes(feature) ? LADDER.indexOf(feature) : LADDER.length);

function knowsDatabase({ zone, feature, role }) {
  if (zone === "features")
    return DATABASE_ROLES.includes(role) || (feature === "feed" && role !== "vocabulary" && role !== "graphql");
  return zone === "platform" || zone === "composition";
}

/** What a file of this repository is: its program, zone and, in features and transports, its folder and role. */
export function describe(path) {
  const [program, zone, folder, ...rest] = path.split("/");
  if (/\.test\.\w+$|^server\/(test|bench|chaos|fuzz)\/|^web\/(e2e|bench|src\/test)\//.test(path))
    return { program, zone: "test", path };
  if (program === "web") return { program, zone: "web" };
  if (program === "client") return { program, zone: "client" };
  if (program === "mikro-orm.config.ts") return { program: "server", zone: "composition" };
  if (program !== "server") return { program, zone: "tools" };
  const role = posix.basename(path).match(/\.(\w+)\.ts$/)?.[1];
  if (zone === "platform") return { program, zone, role };
  if (zone === "features") return { program, zone, feature: folder, role: role ?? "vocabulary" };
  if (zone === "transports") return { program, zone, transport: rest.length > 0 ? folder : undefined };
  return { program, zone: "composition", path };
}

const describePackage = (specifier) => ({ name: specifier.replace(/^node:/, "") });

/** The row that forbids this import, if any. */
export function forbiddingRow(path, specifier) {
  const from = describe(path);
  if (from.zone === "tools") return undefined;
  const to = specifier.startsWith(".") ? describe(resolve(path, specifier)) : describePackage(specifier);
  return TABLE.find((row) => (row.isForTests ?? false) === (from.zone === "test") && row.forbids(from, to));
}

const resolve = (path, specifier) => posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts");

const pathOf = (context) => relative(context.cwd, context.filename).split(sep).join("/");

const imports = {
  create(context) {
    const path = pathOf(context);
    const check = (source) => {
      if (typeof source?.value !== "string") return;
      const row = forbiddingRow(path, source.value);
      if (row) context.report({ node: source, message: `[${row.name}] ${row.says}` });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
    };
  },
};

const environment = {
  create(context) {
    const path = pathOf(context);
    const { program, zone } = describe(path);
    if (zone === "test" || READS_ENVIRONMENT.includes(path) || !["server", "web"].includes(program)) return {};
    const report = (node) =>
      context.report({ node, message: `The environment is read in ${READS_ENVIRONMENT.join(" and ")} alone.` });
    return {
      MemberExpression(node) {
        const ofProcess = node.object.type === "Identifier" && node.object.name === "process";
        const ofModule = node.object.type === "MetaProperty";
        if ((ofProcess || ofModule) && (node.property.name ?? node.property.value) === "env") report(node);
      },
      VariableDeclarator(node) {
        const names = node.id.type === "ObjectPattern" ? node.id.properties.map((property) => property.key?.name) : [];
        if (node.init?.type === "Identifier" && node.init.name === "process" && names.includes("env")) report(node);
      },
      ImportDeclaration(node) {
        if (/^(node:)?process$/.test(node.source.value)) report(node);
      },
    };
  },
};

const assertions = {
  create(context) {
    if (describe(pathOf(context)).zone === "test") return {};
    const check = (node) => {
      if (node.typeAnnotation.typeName?.name === "const" || isInParser(node)) return;
      context.report({
        node,
        message: "Parse, narrow or annotate instead of `as`; only a function parse...() may assert.",
      });
    };
    return { TSAsExpression: check, TSTypeAssertion: check };
  },
};

function isInParser(node) {
  for (let at = node; at; at = at.parent) {
    const name = at.type === "VariableDeclarator" || at.type === "FunctionDeclaration" ? at.id?.name : at.key?.name;
    if (name?.startsWith("parse")) return true;
  }
  return false;
}

export default { meta: { name: "fences" }, rules: { imports, environment, assertions } };
