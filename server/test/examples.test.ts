import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { variables } from "../config.js";
import { demoSecret } from "../platform/data-dir.js";
import { namesOf } from "../platform/environment.js";
import { signToken } from "../platform/tokens.js";
import { demoUsers } from "../demo/demo-people.js";
import {
  differenceInShape,
  examplesOf,
  fillVariables,
  namedStrings,
  pages,
  programs,
  pythonPrograms,
  readPage,
  root,
  type Example,
  type GraphqlExample,
} from "./examples.js";
import { SERVICE_TOKEN, startTestServer, type TestServer } from "./server.js";
import { runSupergraph, type RunningSupergraph } from "./supergraph.js";

// Examples are written for a reader who has just started the demo: the same server runs here, on another port.
const PATIENCE_MS = 60_000;
const TOKEN_COMMAND = "run -s token -- --user john";
const SHOWN_ADDRESS = "http://localhost:4000";

let dataDir: string;
let app: TestServer;
let supergraph: RunningSupergraph;
let token: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "parley-examples-"));
  app = await startTestServer({}, { DATA_DIR: dataDir, JWT_SECRET: "" });
  const [john] = demoUsers;
  if (john === undefined) throw new Error("The demo has no people.");
  const person = { hostId: String(john.id), username: john.username, displayName: john.display_name };
  token = await signToken({ ...person, secret: await demoSecret(dataDir), ttlMs: PATIENCE_MS * 10 });
  await provideCommands();
  supergraph = await runSupergraph({ PARLEY_URL: app.url, DATA_DIR: dataDir, PORT: "0" });
}, PATIENCE_MS);

afterAll(async () => {
  await supergraph.close();
  await app.close();
  await rm(dataDir, { recursive: true, force: true });
});

/**
 * Puts a command in place of `npm`, for the one that examples give it: the real one builds the server first when that is
 * stale, which here would mean to compile what is just being tested; server/cli/token.test.ts has the real one. And one
 * in place of `curl` on a machine that has none.
 */
async function provideCommands(): Promise<void> {
  const npm = `[ "$*" = "${TOKEN_COMMAND}" ] || { echo "Not in an example: npm $*" >&2; exit 1; }\necho ${token}`;
  const curl = `exec "${process.execPath}" "${join(root, "server/test/curl.mjs")}" "$@"`;
  const hasCurl = await promisify(execFile)("curl", ["--version"]).then(
    () => true,
    () => false,
  );
  await mkdir(join(dataDir, "bin"));
  for (const [name, script] of Object.entries(hasCurl ? { npm } : { npm, curl })) {
    await writeFile(join(dataDir, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    PARLEY_URL: app.url,
    DATA_DIR: dataDir,
    SERVICE_TOKEN,
    PATH: [join(dataDir, "bin"), join(root, "node_modules/.bin"), process.env.PATH].join(":"),
  };
  const { stdout } = await promisify(execFile)(command, args, { cwd: root, env, timeout: PATIENCE_MS });
  return stdout;
}

async function send(
  { source, variables: values, at }: GraphqlExample,
  known: ReadonlyMap<string, string>,
): Promise<unknown> {
  const payload = { query: source, variables: fillVariables(values, known) };
  if (/^\s*subscription\b/.test(source)) return firstEvent(payload);
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const response = await fetch(at === "supergraph" ? supergraph.url : `${app.url}/graphql`, {
    method: "POST",
    headers,
    body: JSON.stringify(payload),
  });
  return response.json();
}

async function firstEvent(payload: {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}): Promise<unknown> {
  const url = `${app.url.replace("http", "ws")}/graphql`;
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  try {
    const { value } = await client.iterate(payload).next();
    return value;
  } finally {
    await client.dispose();
  }
}

/** An example that shows no answer has to go without an error; one that shows an answer has to get one like it. */
function problemWith(answer: unknown, example: Example): string | undefined {
  if (example.answer !== undefined) return differenceInShape(answer, example.answer);
  const failed = typeof answer === "object" && answer !== null && "errors" in answer;
  return failed ? JSON.stringify(answer.errors) : undefined;
}

/** A shell's answer is what it printed, if that is JSON. */
function parseOutput(output: string): unknown {
  try {
    return JSON.parse(output) as unknown;
  } catch {
    return output;
  }
}

describe.each(pages.filter((page) => examplesOf(readPage(page)).length > 0))("%s", (page) => {
  const known = new Map<string, string>();
  const examples = examplesOf(readPage(page)).map(
    (example, index) => [`${index + 1}: ${example.source.trim().split("\n")[0]}`, example] as const,
  );

  test.each(examples)(
    "example %s",
    async (_name, example) => {
      const answer =
        example.kind === "graphql"
          ? await send(example, known)
          : parseOutput(
              await run("bash", ["-euo", "pipefail", "-c", example.source.replaceAll(SHOWN_ADDRESS, app.url)]),
            );
      expect(problemWith(answer, example)).toBeUndefined();
      namedStrings(answer, known);
    },
    PATIENCE_MS,
  );
});

test.each(programs)(
  "%s",
  async (program) => {
    await expect(run(program.endsWith(".sh") ? "bash" : process.execPath, [program])).resolves.not.toBe("");
  },
  PATIENCE_MS,
);

/** The first of these that has the package for WebSockets. */
async function findPython(): Promise<string | undefined> {
  for (const command of ["python3", "/usr/bin/python3"]) {
    const found = await promisify(execFile)(command, ["-c", "import websockets"]).then(
      () => true,
      () => false,
    );
    if (found) return command;
  }
  return undefined;
}

const python = await findPython();
if (python === undefined) {
  process.stderr.write(`Left out: ${pythonPrograms.join(", ")} (no Python 3 with the package websockets here)\n`);
} else {
  test.each(pythonPrograms)(
    "%s",
    async (program) => {
      await expect(run(python, [program])).resolves.not.toBe("");
    },
    PATIENCE_MS,
  );
}

describe("the pages", () => {
  test("link to files that are there", () => {
    const links = pages.flatMap((page) =>
      [...readPage(page).matchAll(/(?<!!)\[[^\]]*\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map(([, target = ""]) => ({
        page,
        target,
      })),
    );
    expect(links.filter(({ page, target }) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
  });

  test("name only settings that there are", () => {
    const settings = new Set<string | undefined>(namesOf(variables));
    const rows = readPage("README.md")
      .split("\n")
      .filter((line) => /^\| `[A-Z]/.test(line));
    const named = rows.flatMap((row) =>
      [...(row.split("|")[1] ?? "").matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !settings.has(name))).toEqual([]);
  });
});
