import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { PGlite } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { startMain } from "../../server/test/main-process.js";
import { parseAddress, startServer, type ServerProcess } from "./server.js";

jest.setTimeout(120_000);

const MAIN = join(import.meta.dirname, "../../dist/server/main.js");
const TOKEN = join(import.meta.dirname, "../../dist/server/cli/token.js");
const IMPORT = join(import.meta.dirname, "../../dist/server/cli/import.js");

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of ours to its end. */
function run(file: string, env: Record<string, string>, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [file, ...args],
      { env: { PATH: process.env.PATH, ...env } },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, stdout, stderr });
      },
    );
  });
}

let dataDir: string;
let server: ServerProcess;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "parley-start-"));
  server = await startServer();
}, 120_000);
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test("every fault of the configuration is listed at once, with its fix", async () => {
  const { code, stderr } = await run(MAIN, { PORT: "many", LOG_LEVEL: "loud", JWT_SECRET: "short" });
  expect(code).toBe(1);
  for (const variable of ["PORT", "LOG_LEVEL", "JWT_SECRET"]) expect(stderr).toContain(variable);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("a database that can't be reached is waited for, which is said in one line without the password", async () => {
  const env = { DATABASE_URL: "postgres://nobody:hunter2@127.0.0.1:1/none", JWT_SECRET: "x".repeat(40) };
  const main = startMain(env);
  await main.says("stderr", /\n/);
  expect(main.output.stderr.trim().split("\n")).toEqual([
    expect.stringMatching(/^Waiting for the database .*127\.0\.0\.1:1\/none.*ECONNREFUSED/),
  ]);
  expect(main.output.stderr).not.toContain("hunter2");
  expect(await main.end("SIGINT")).toBe(0);
});

test("a port in use is said in one line", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { code, stderr } = await run(MAIN, {
    PORT: String(parseAddress(other.address()).port),
    DATA_DIR: join(dataDir, "port"),
  });
  other.close();
  expect(code).toBe(1);
  expect(stderr.trim().split("\n")).toEqual([expect.stringContaining("port is in use")]);
});

test("a data folder that another server holds is said in one line, with its address", async () => {
  const { code, stderr } = await run(MAIN, { PORT: "0", DATA_DIR: server.dataDir });
  expect(code).toBe(1);
  expect(stderr.trim().split("\n")).toEqual([expect.stringContaining(server.url)]);
});

test("a database that a newer version has changed is left alone", async () => {
  const folder = join(dataDir, "newer");
  const first = startMain({ DATA_DIR: folder });
  await first.ready();
  await first.end("SIGINT");
  const database = await PGlite.create({ dataDir: join(folder, "database"), extensions: { pg_trgm } });
  await database.exec("insert into mikro_orm_migrations (name) values ('29990101000000-from-the-future')");
  await database.close();
  const { code, stderr } = await run(MAIN, { PORT: "0", DATA_DIR: folder });
  expect(code).toBe(1);
  expect(stderr.trim().split("\n")).toEqual([expect.stringContaining("newer version")]);
});

test("a server whose REDIS_URL leads to something else starts, says so without its password, and works alone", async () => {
  const other = createHttpServer((_request, response) => response.end()).listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = parseAddress(other.address());
  const alone = await startServer({ REDIS_URL: `redis://parley:hunter2@127.0.0.1:${port}` });
  try {
    const said = alone.output.split("\n").filter((line) => line.includes("The Redis of REDIS_URL can't be used"));
    expect(said).toHaveLength(1);
    expect(alone.output).not.toContain("hunter2");
    const readyz = await fetch(`${alone.url}/readyz`);
    expect(readyz.status).toBe(200);
    expect(await readyz.json()).toMatchObject({ broker: expect.stringContaining("redis is away") });
  } finally {
    await alone.stop();
    other.close();
  }
});

test("the token command prints a token beside a running server, and nothing else", async () => {
  const { code, stdout } = await run(TOKEN, { DATA_DIR: server.dataDir }, "--user", "john");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${stdout.trim()}`, "content-type": "application/json" },
    body: JSON.stringify({ query: "{ chatViewer { chatUsername } }" }),
  });
  expect(await response.json()).toEqual({ data: { chatViewer: { chatUsername: "john" } } });
});

test("the import command goes through a running server, and says in a line what it did or what is wrong", async () => {
  const file = join(dataDir, "more.jsonl");
  const user = { kind: "user", id: 90, username: "zoe", display_name: "Zoe Ray" };
  const room = { kind: "room", id: 90, type: "group", name: "Brought along", project: 90, created_by: 90 };
  const lines = [user, { kind: "project", id: 90, name: "Old", members: [90] }, { ...room, participants: [90] }];
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join("\n"));
  const env = { DATA_DIR: server.dataDir };
  expect(await run(IMPORT, env, file)).toEqual({
    code: 0,
    stdout: "Imported 1 user, 1 project, 1 room.\n",
    stderr: "",
  });
  const { stdout: token } = await run(TOKEN, env, "--user", "zoe");
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token.trim()}`, "content-type": "application/json" },
    body: JSON.stringify({ query: "{ chatRooms { nodes { id name } } }" }),
  });
  expect(await response.json()).toEqual({ data: { chatRooms: { nodes: [{ id: "90", name: "Brought along" }] } } });
  await writeFile(file, JSON.stringify({ ...user, username: "other" }));
  const refused = await run(IMPORT, env, file);
  expect([refused.code, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr.trim().split("\n")).toEqual([expect.stringMatching(/^Line 1: User 90 exists and is another/)]);
});
