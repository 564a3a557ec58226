import { createReadStream } from "node:fs";
import { dirname } from "node:path";
import { loadConfig } from "../config.js";
import { entities } from "../entities.js";
import { checkOrigin } from "../features/feed/feed.origin.js";
import { openFileStore } from "../files.js";
import { filesBeside } from "../import/files.js";
import { importFile } from "../import/import.js";
import { migrations } from "../migrations/migrations.js";
import { createLogger } from "../platform/logger.js";
import { migrate } from "../platform/migrate.js";
import { openDatabase } from "../platform/orm.js";
import { createInProcessPubSub } from "../platform/pubsub/in-process.js";
import { systemClock } from "../platform/time.js";
import { serveCalls } from "./worker.js";

/** What the import command does, in a process of its own, so that its memory is known. */

export interface Imported {
  readonly ms: number;
  readonly cpuMs: number;
  /** The most that the process ever held. */
  readonly peakRssBytes: number;
  readonly newMessages: number;
}

/** Null: the embedded database in `dataDir`. */
export interface Target {
  readonly url: string | null;
  readonly dataDir: string;
}

const calls = {
  async run({ url, dataDir }: Target, file: string): Promise<Imported> {
    const database = await openDatabase({ url: url ?? undefined, dataDir, entities, migrations, isPatient: true });
    await migrate(database, migrations);
    await checkOrigin(database.fork());
    const files = openFileStore({ ...loadConfig({ DEMO: "on" }), dataDir });
    const logger = createLogger("silent");
    const services = {
      files,
      pubsub: createInProcessPubSub(logger),
      clock: systemClock,
      logger,
    };
    try {
      const [startedAt, before] = [performance.now(), process.cpuUsage()];
      const counts = await importFile(
        { database, services },
        { source: createReadStream(file), findFile: filesBeside(dirname(file)) },
      );
      const { user, system } = process.cpuUsage(before);
      const ms = performance.now() - startedAt;
      const peakRssBytes = process.resourceUsage().maxRSS * 1_024;
      return { ms, cpuMs: (user + system) / 1_000, peakRssBytes, newMessages: counts.message.new };
    } finally {
      await database.close();
    }
  },
};

export type ImportCalls = typeof calls;

serveCalls(calls, async () => {});
