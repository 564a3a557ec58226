import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres, type OwnPostgres } from "../chaos/postgres.js";

/** A PostgreSQL for one test file, which goes with its folder. */
export interface TestPostgres extends Pick<OwnPostgres, "stop" | "start" | "pause" | "resume"> {
  /** Of its database `postgres`, for its superuser. */
  readonly url: string;
  end(): Promise<void>;
}

/** Makes a cluster in a folder of its own, and starts it on a free port. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "parley-postgres-"));
  // It may be another user's, who has to get at its own folder in this one.
  await chmod(folder, 0o755);
  const postgres = await startPostgres(folder);
  return {
    ...postgres,
    url: `postgres://postgres@127.0.0.1:${postgres.port}/postgres`,
    async end() {
      await postgres.stop("immediate");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
