import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";

/** One file that breaks one rule, and nothing else. */
interface Offence {
  readonly file: string;
  readonly code: string;
}

/** For every row of the table in lint/fences.mjs, an import that it forbids. */
const OFFENCES: Record<string, Offence> = {
  "two programs": offence("web/src/app/page.ts", "../../../server/features/rooms/room.js"),
  client: offence("client/chat-service.ts", "../web/src/lib/uuid.js"),
  tests: offence("server/app.ts", "./test/harness.js"),
  platform: offence("server/platform/logger.ts", "../features/rooms/room.js"),
  features: offence("server/features/rooms/room.access.ts", "../../transports/authenticate.js"),
  transports: offence("server/transports/http.ts", "../config.js"),
  "transports apart": offence("server/transports/rest/routes.ts", "../graphql/schema.js"),
  vocabulary: offence("server/features/rooms/room.ts", "./room.actions.js"),
  ladder: offence("server/features/rooms/room.queries.ts", "../messages/message.queries.js"),
  graphql: offence("server/features/rooms/room.actions.ts", "graphql"),
  resolvers: offence("server/features/messages/message.queries.ts", "../rooms/room.graphql.js"),
  network: offence("server/features/messages/message.actions.ts", "ioredis"),
  database: offence("server/features/messages/message.graphql.ts", "@mikro-orm/core"),
  entities: offence("server/features/messages/message.loaders.ts", "./message.entity.js"),
  "watched logs": offence("server/test/rooms.test.ts", "../app.js"),
};

/** House rules of .oxlintrc.json and of the plugin that are not about imports, each by the code it is reported under. */
const HOUSE_OFFENCES: Record<string, Offence> = {
  "fences(environment)": { file: "server/platform/port.ts", code: "export const port = process.env.PORT;" },
  "fences(assertions)": {
    file: "server/platform/cast.ts",
    code: "export const id = (value: unknown) => value as string;",
  },
  "words(bypass)": { file: "web/src/ui/greeting.tsx", code: "export const Greeting = () => <p>Hello</p>;" },
  "words(values)": {
    file: "web/src/ui/farewell.ts",
    code: `import { i18n } from "@lingui/core";\nexport const farewell = (name: string) => i18n.t("Bye {who}", { who: name, name });`,
  },
  "import(no-cycle)": {
    file: "server/platform/egg.ts",
    code: `import type { Hen } from "./hen.js";\nexport interface Egg { from: Hen }`,
  },
  "import(no-default-export)": { file: "server/platform/default.ts", code: "export default 1;" },
  "oxc(no-barrel-file)": { file: "server/platform/all.ts", code: `export * from "./egg.js";` },
  "typescript(no-explicit-any)": { file: "server/platform/any.ts", code: "export const pass = (value: any) => value;" },
  "typescript(no-non-null-assertion)": {
    file: "server/platform/bang.ts",
    code: "export const first = (list: readonly string[]) => list[0]!;",
  },
  "typescript(no-floating-promises)": {
    file: "server/platform/float.ts",
    code: "const work = async () => {};\nexport const start = () => {\n  work();\n};",
  },
  "typescript(switch-exhaustiveness-check)": {
    file: "server/platform/switch.ts",
    code: `export function size(kind: "big" | "small") {\n  switch (kind) {\n    case "big":\n      return 2;\n  }\n  return 1;\n}`,
  },
  "eslint(max-lines)": { file: "server/platform/long.ts", code: "export const x = 1;\n".padEnd(330, "\n") },
  "jest(no-focused-tests)": {
    file: "server/platform/focus.test.ts",
    code: `test.only("one", () => { expect(1).toBe(1); });`,
  },
  "jest(no-disabled-tests)": {
    file: "server/platform/skip.test.ts",
    code: `test.skip("one", () => { expect(1).toBe(1); });`,
  },
};

/** Every other way past the catalogues. */
const BYPASSES: readonly Offence[] = [
  `export const Close = () => <button type="button" aria-label="Close" />;`,
  `export const Field = () => <input placeholder={"Your name"} />;`,
  `export const State = ({ on }: { on: boolean }) => <p>{on ? "on" : null}</p>;`,
  "export const Count = ({ n }: { n: number }) => <p>{`${n} unread`}</p>;",
  `export const OPTIONS = [{ value: 1, label: "Light" }] as const;`,
  `export const problem = () => "The server is gone";`,
].map((code, index) => ({ file: `web/src/ui/bypass-${index}.tsx`, code }));

/** The other half of the cycle. */
const HEN: Offence = {
  file: "server/platform/hen.ts",
  code: `import type { Egg } from "./egg.js";\nexport interface Hen { lays: Egg }`,
};

/** What the same rules let pass: an import down from each layer, others' vocabulary, a parser's assertion. */
const INNOCENT: readonly Offence[] = [
  offence("server/features/feed/room-event.ts", "../messages/message.js"),
  offence("server/features/feed/feed.follow.ts", "kysely"),
  offence("server/features/reactions/reaction.actions.ts", "../messages/message.entity.js"),
  offence("server/features/reactions/reaction.graphql.ts", "type-graphql"),
  offence("server/transports/socket/commands.ts", "../../features/messages/message.actions.js"),
  offence("server/transports/rest/server.ts", "../authenticate.js"),
  offence("server/platform/paging.graphql.ts", "type-graphql"),
  offence("server/features/rooms/room.graphql.ts", "../../platform/paging.graphql.js"),
  offence("server/platform/pubsub/in-process.ts", "graphql-subscriptions"),
  offence("client/requests.ts", "./errors.ts"),
  offence("server/test/client.test.ts", "../../client/chat-service.ts"),
  offence("server/test/server.ts", "../app.js"),
  offence("server/app.test.ts", "./transports/graphql/schema.js"),
  { file: "server/config.ts", code: "export const port = process.env.PORT;" },
  { file: "web/src/lib/env.ts", code: "export const mode: unknown = import.meta.env;" },
  {
    file: "web/src/ui/thanks.tsx",
    code: `import { i18n } from "@lingui/core";\nexport const Thanks = () => <p className="big red">{i18n.t("Thank you")}</p>;`,
  },
  { file: "web/src/ui/later.ts", code: `export const WORDS = { title: /*i18n*/ "See you later" } as const;` },
  { file: "web/src/ui/greeting.test.tsx", code: `export const title = "What is said to greet";` },
  { file: "server/platform/ids.ts", code: "export const parseId = (value: unknown) => value as string;" },
];

function offence(file: string, specifier: string): Offence {
  return { file, code: `import { a } from "${specifier}";\nexport const b = a;` };
}

const files = [...Object.values(OFFENCES), ...Object.values(HOUSE_OFFENCES), ...INNOCENT, ...BYPASSES, HEN];
const root = process.cwd();
let findings: ReadonlyMap<string, readonly { readonly code: string; readonly message: string }[]>;
let filesSeen: number;
let tree: string;

const reportSchema = z.object({
  number_of_files: z.number(),
  diagnostics: z.array(z.object({ filename: z.string(), code: z.string(), message: z.string() })),
});

/** Lints a tree made of nothing but the offences, with this repository's own configuration. */
beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), "parley-fences-"));
  await cp(join(root, ".oxlintrc.json"), join(tree, ".oxlintrc.json"));
  await cp(join(root, "lint"), join(tree, "lint"), { recursive: true });
  await writeFile(
    join(tree, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { strict: true, module: "nodenext" }, include: ["server", "web", "client"] }),
  );
  for (const { file, code } of files) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), code);
  }
  const report = reportSchema.parse(JSON.parse(await runLinter(tree)));
  filesSeen = report.number_of_files;
  findings = Map.groupBy(report.diagnostics, (diagnostic) => diagnostic.filename);
}, 60_000);

afterAll(() => rm(tree, { recursive: true, force: true }));

function runLinter(cwd: string): Promise<string> {
  const args = [
    join(root, "node_modules/oxlint/bin/oxlint"),
    "--type-aware",
    "--format=json",
    "server",
    "web",
    "client",
  ];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd }, (_error, stdout) => resolve(stdout));
  });
}

const tableSchema = z.array(z.object({ name: z.string(), says: z.string() }));

test("the linter sees every file", () => {
  expect(filesSeen).toBe(files.length);
});

test("every row of the table has its offence here, and reports it in its own words", async () => {
  const fences: unknown = await import(pathToFileURL(join(root, "lint/fences.mjs")).href);
  const { TABLE } = z.object({ TABLE: tableSchema }).parse({ ...z.looseObject({}).parse(fences) });
  expect(Object.keys(OFFENCES).sort()).toEqual(TABLE.map((row) => row.name).sort());
  for (const row of TABLE) {
    const messages = findings.get(OFFENCES[row.name]?.file ?? "")?.map((finding) => finding.message);
    expect([row.name, messages]).toEqual([row.name, [`[${row.name}] ${row.says}`]]);
  }
});

test.each(Object.entries(HOUSE_OFFENCES))("%s bites", (code, { file }) => {
  expect(findings.get(file)?.map((finding) => finding.code)).toEqual([code]);
});

test.each(BYPASSES)("words in $file are noticed", ({ file }) => {
  expect(findings.get(file)?.map((finding) => finding.code)).toEqual(["words(bypass)"]);
});

test.each(INNOCENT)("$file may do what it does", ({ file }) => {
  expect(findings.get(file) ?? []).toEqual([]);
});
