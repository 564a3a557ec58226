import { createApp } from "./app.js";
import { ConfigError, describeFaults, readConfig, type Config } from "./config.js";
import { claimDataDir, DataDirInUse, DataDirUnusable } from "./platform/data-dir.js";
import { DatabaseIsForgetful, DatabaseIsNewer } from "./platform/orm.js";
import { errorCode } from "./platform/system-error.js";

/** The longest that stopping may take: whatever then still runs is cut off. */
const STOP_WITHIN_MS = 15_000;

async function start(config: Config): Promise<void> {
  const embedded = config.database.url === undefined;
  const claim = embedded ? await claimDataDir(config.dataDir, { address: `http://${config.http.host}:${config.http.port}` }) : undefined;
  const app = await createApp(config).catch(async (error: unknown) => {
    await claim?.release();
    throw error;
  });
  await claim?.updateAddress(app.url);
  announce(config, app.url);

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    app
      .close()
      .then(() => claim?.release())
      .then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

function announce(config: Config, url: string): void {
  const lines = [`Parley is ready: ${url}`];
  if (config.demo) lines.push(`Demo mode: choose who you are on the log-in page. Data is kept in ${config.dataDir}.`);
  if (config.redis.url === undefined) lines.push("No REDIS_URL: this node is alone, events stay in this process.");
  if (config.database.url === undefined) lines.push("No DATABASE_URL: the embedded database survives a killed process, but not a power cut.");
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** What a person can mend is said in a line; anything else is a fault of ours and comes whole. */
function fail(error: unknown): never {
  process.stderr.write(`${describe(error)}\n`);
  process.exit(1);
}

function describe(error: unknown): string {
  if (error instanceof ConfigError) return describeFaults(error);
  if (error instanceof DataDirInUse || error instanceof DataDirUnusable || error instanceof DatabaseIsNewer || error instanceof DatabaseIsForgetful) return error.message;
  if (errorCode(error) === "EADDRINUSE") return "This port is in use. Stop what listens there, or set PORT to another one (PORT=0: any free one).";
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  await start(readConfig());
} catch (error) {
  fail(error);
}
