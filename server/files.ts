import { join } from "node:path";
import type { Config } from "./config.js";
import { mediaSecret } from "./features/attachments/attachment.queries.js";
import type { Database } from "./platform/orm.js";
import type { Files } from "./platform/scope.js";
import { createPathSigner } from "./platform/signed-path.js";
import { createDiskStorage } from "./platform/storage/disk.js";
import { createS3Storage } from "./platform/storage/s3.js";
import { createTempFolder } from "./platform/temp-folder.js";
import type { Clock } from "./platform/time.js";

/** What the configuration says about the files that people send. */
export type FilesConfig = Pick<Config, "dataDir" | "storage" | "uploadMaxBytes" | "mediaUrlTtlMs" | "http">;

/** Opens where files are kept. Close its storage. */
export async function openFiles(config: FilesConfig, database: Database, clock: Clock): Promise<Files> {
  const { dataDir, storage } = config;
  const secret = await mediaSecret(database.fork());
  return {
    storage: storage.kind === "s3" ? createS3Storage(storage) : createDiskStorage(join(dataDir, "media")),
    incoming: createTempFolder(join(dataDir, "incoming")),
    maxBytes: config.uploadMaxBytes,
    signer: createPathSigner({ secret, ttlMs: config.mediaUrlTtlMs, clock }),
    origin: config.http.publicUrl ?? "",
  };
}
