import { constants } from "node:os";
import { createApp, type App } from "./app.js";
import { ConfigError, describeFaults, readConfig, type Config } from "./config.js";
import { claimDataDir, DataDirInUse, DataDirUnusable } from "./platform/data-dir.js";
import { DatabaseIsForgetful } from "./platform/durability.js";
import { databaseCode, toDomainError } from "./platform/errors.js";
import { DatabaseIsNewer } from "./platform/migrate.js";
import { NoTrustedDocuments } from "./transports/graphql/trusted.js";
import { errorCode } from "./platform/system-error.js";

/** The longest that stopping may take: whatever then still runs is cut off. */
const STOP_WITHIN_MS = 14_000;
/** Whoever sends requests here gets so long to notice, by `/readyz`, that they shall go elsewhere. */
const NOTICE_MS = 2_000;
/** npm passes Ctrl-C on to a process that has had it from the terminal: within this it is one. */
const SAME_SIGNAL_MS = 500;

/** The server from its start to its end: resolves when `stop` has ended it, at whatever point it was. */
async function run(config: Config, stop: AbortSignal): Promise<void> {
  const embedded = config.database.url === undefined;
  const claim = embedded
    ? await claimDataDir(config.dataDir, { address: `http://${config.http.host}:${config.http.port}` })
    : undefined;
  try {
    const app = await start(config, { stop, controlKey: claim?.key });
    if (app === undefined) return;
    await claim?.updateAddress(app.url);
    announce(config, app);
    await aborted(stop);
    // It keeps the process alive, which would else end as one that has failed if nothing is left but to wait.
    setTimeout(() => process.exit(0), STOP_WITHIN_MS);
    // Ctrl-C is a person's, who waits.
    await app.close(stop.reason === "SIGTERM" ? NOTICE_MS : 0);
  } finally {
    await claim?.release();
  }
}

interface Start {
  readonly stop: AbortSignal;
  readonly controlKey: string | undefined;
}

/** The app; undefined when it was stopped before it was there. */
async function start(config: Config, { stop, controlKey }: Start): Promise<App | undefined> {
  // The timers of a start that waits would not keep the process alive.
  const alive = setInterval(() => {}, STOP_WITHIN_MS);
  const say = (line: string): boolean => process.stderr.write(`${line}\n`);
  try {
    return await Promise.race([createApp(config, { wait: { stop, say }, controlKey }), aborted(stop)]);
  } catch (error) {
    if (stop.aborted) return undefined;
    throw error;
  } finally {
    clearInterval(alive);
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined));
  });
}

function announce(config: Config, { url, isConnected }: App): void {
  const lines = [`Parley is ready: ${url}`];
  if (config.demo) lines.push(`Demo mode: choose who you are on the log-in page. Data is kept in ${config.dataDir}.`);
  if (isConnected === undefined) lines.push("No REDIS_URL: this node is alone, events stay in this process.");
  if (isConnected === false)
    lines.push(
      "The Redis of REDIS_URL can't be used, see the warning: until it can this node is alone, and finds events in the log.",
    );
  if (config.database.url === undefined)
    lines.push("No DATABASE_URL: the embedded database survives a killed process, but not a power cut.");
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** What the system says when it can't listen at HOST and PORT. */
const LISTEN_FAULTS = new Map([
  ["EADDRINUSE", "This port is in use. Stop what listens there, or set PORT to another one (PORT=0: any free one)."],
  ["EACCES", "This port is not for every user. Set PORT to one above 1023, or give this process the right."],
  [
    "EADDRNOTAVAIL",
    "This machine does not have the address of HOST. Set HOST to one that it has (0.0.0.0: all of them).",
  ],
]);

/** PostgreSQL's codes for a wrong password, and a role or a database that does not exist. */
const REFUSED_BY_DATABASE = /^(28|3D)/;

/** What a person can mend is said in a line; anything else is a fault of ours and comes whole. */
function fail(error: unknown): never {
  process.stderr.write(`${describe(error)}\n`);
  process.exit(1);
}

function describe(error: unknown): string {
  if (error instanceof ConfigError) return describeFaults(error);
  if (
    error instanceof DataDirInUse ||
    error instanceof DataDirUnusable ||
    error instanceof DatabaseIsNewer ||
    error instanceof DatabaseIsForgetful ||
    error instanceof NoTrustedDocuments
  )
    return error.message;
  const atPort = LISTEN_FAULTS.get(errorCode(error) ?? "");
  if (atPort !== undefined) return atPort;
  const code = databaseCode(error);
  if (toDomainError(error).code === "UNAVAILABLE" || REFUSED_BY_DATABASE.test(code ?? "")) {
    return `The database of DATABASE_URL can't be used (${code ?? "no answer"}). Start it, or correct the address: database, user and password.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const stopping = new AbortController();
let stoppingSinceMs = 0;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    const isAnother = stopping.signal.aborted && performance.now() - stoppingSinceMs > SAME_SIGNAL_MS;
    if (isAnother) process.exit(128 + constants.signals[signal]);
    if (!stopping.signal.aborted) stoppingSinceMs = performance.now();
    stopping.abort(signal);
  });
}
try {
  await run(readConfig(), stopping.signal);
  process.exit(0);
} catch (error) {
  fail(error);
}
