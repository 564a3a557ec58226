import type { ChildProcess } from "node:child_process";
import { openSync } from "node:fs";
import { access, chown, mkdir, readdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import pg from "pg";
import { steadyPort } from "../bench/ports.js";
import { end, isRunning, launch, run } from "../bench/processes.js";
import { errorCode } from "../platform/system-error.js";
import { eventually } from "./until.js";

/** A PostgreSQL of one's own, durable as in production (fsync is on), that can be broken. */
export interface OwnPostgres {
  readonly port: number;
  /** To it directly, whatever lies on the nodes' ways. */
  readonly url: string;
  /** e.g. `PostgreSQL 15.19`. */
  readonly name: string;
  /**
   * Ends it as it is told to: at once, with every connection (`immediate`), without a word (`kill`), or in good order
   * (`fast`).
   */
  stop(how: keyof typeof SIGNALS): Promise<void>;
  /** Resolves once it has recovered and answers. Nothing happens when it runs. */
  start(): Promise<void>;
  /** Has all of it hang (SIGSTOP): it takes connections and bytes, and answers nothing. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the server's side of this share of the nodes' connections (`pg_terminate_backend`); how many. */
  terminateBackends(share: number): Promise<number>;
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

const SIGNALS = { immediate: "SIGQUIT", kill: "SIGKILL", fast: "SIGINT" } as const;
const READY_WITHIN_MS = 60_000;
const DATABASE = "parley";
const DEBIAN_FOLDER = "/usr/lib/postgresql";
const DIRECT = "chaos_direct";

/** @param folder an empty folder, where it may keep its data and log */
export async function startPostgres(folder: string): Promise<OwnPostgres> {
  const programs = await findPrograms();
  const owner = await findOwner();
  const port = await steadyPort();
  const data = join(folder, "postgres");
  await mkdir(data);
  if (owner.uid !== undefined && owner.gid !== undefined) await chown(data, owner.uid, owner.gid);
  const settings = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-instructions"];
  await run(join(programs, "initdb"), ["-D", data, ...settings], { ...owner, cwd: "/" });
  await writeFile(join(data, "postgresql.auto.conf"), `${SETTINGS.join("\n")}\nport = ${port}\n`);
  const log = openSync(join(folder, "postgres.log"), "a");
  const urlOf = (database: string): string =>
    `postgres://postgres@127.0.0.1:${port}/${database}?application_name=${DIRECT}`;
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    if (server !== undefined && isRunning(server)) return;
    const options = { ...owner, cwd: "/", stdio: ["ignore", log, log] as ["ignore", number, number] };
    server = launch(join(programs, "postgres"), ["-D", data], options);
    await eventually(() => answers(urlOf("postgres")), "PostgreSQL", READY_WITHIN_MS);
  };
  await start();
  await ask(urlOf("postgres"), `create database ${DATABASE}`);
  const url = urlOf(DATABASE);
  const [version] = await ask<{ server_version: string }>(url, "show server_version");
  return {
    port,
    url,
    name: `PostgreSQL ${version?.server_version ?? ""}`,
    start,
    async stop(how) {
      if (server !== undefined) await end(server, SIGNALS[how]);
    },
    pause: () => signalAll(server, "SIGSTOP"),
    resume: () => signalAll(server, "SIGCONT"),
    async terminateBackends(share) {
      const rows = await ask(
        url,
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = $1 and application_name <> $2 and backend_type = 'client backend' and random() < $3`,
        [DATABASE, DIRECT, share],
      );
      return rows.length;
    },
    query: (text, values) => ask(url, text, values),
  };
}

/** Each connection has a process of its own; the first one makes no more of them once it has got the signal. */
async function signalAll(server: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (server?.pid === undefined || !isRunning(server)) return;
  server.kill(signal);
  const children = await run("ps", ["-o", "pid=", "--ppid", String(server.pid)], {});
  const pids = children.split(/\s+/).map(Number);
  for (const pid of pids.filter((each) => each > 0)) signalIfThere(pid, signal);
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has ended meanwhile.
    if (errorCode(error) !== "ESRCH") throw error;
  }
}

/** Small, and as durable as it comes. */
const SETTINGS = [
  "listen_addresses = '127.0.0.1'",
  "unix_socket_directories = ''",
  "fsync = on",
  "synchronous_commit = on",
  "full_page_writes = on",
  "shared_buffers = 64MB",
  "max_connections = 100",
];

/** The newest on the PATH, or where Debian puts them. */
async function findPrograms(): Promise<string> {
  const versions = await readdir(DEBIAN_FOLDER).catch(() => []);
  const newest = versions.toSorted((left, right) => Number(right) - Number(left));
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...newest.map((version) => join(DEBIAN_FOLDER, version, "bin")),
  ];
  for (const folder of folders) {
    const isThere = await access(join(folder, "initdb")).then(
      () => access(join(folder, "postgres")).then(() => true),
      () => false,
    );
    if (isThere) return folder;
  }
  throw new Error(
    "There is no initdb here. Install PostgreSQL's server, 15 or later, or put its programs on the PATH.",
  );
}

/** PostgreSQL refuses to run as root: then it is the user `postgres`, whom its packages bring. */
async function findOwner(): Promise<{ readonly uid?: number; readonly gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const [uid = "", gid = ""] = await Promise.all(["-u", "-g"].map((which) => run("id", [which, "postgres"], {})));
  return { uid: Number(uid), gid: Number(gid) };
}

async function answers(url: string): Promise<boolean> {
  return ask(url, "select 1").then(
    () => true,
    () => false,
  );
}

/** On a connection of its own: between two calls the server may have been another one. */
async function ask<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
