import { join } from "node:path";
import type { Config } from "./config.js";
import { mediaSecret } from "./features/attachments/attachment.queries.js";
import type { Database } from "./platform/orm.js";
import type { Files, FileStore } from "./platform/scope.js";
import { createPathSigner } from "./platform/signed-path.js";
import { createDiskStorage } from "./platform/storage/disk.js";
import { createS3Storage } from "./platform/storage/s3.js";
import { createTempFolder } from "./platform/temp-folder.js";
import type { Clock } from "./platform/time.js";

/** What the configuration says about where files are kept. */
export type FileStoreConfig = Pick<Config, "dataDir" | "storage" | "uploadMaxBytes">;
/** With what it says about showing them. */
export type FilesConfig = FileStoreConfig & Pick<Config, "mediaUrlTtlMs" | "http">;

/** Opens where files are kept, without showing any. Close its storage. */
export function openFileStore({ dataDir, storage, uploadMaxBytes }: FileStoreConfig): FileStore {
  return {
    storage: storage.kind === "s3" ? createS3Storage(storage) : createDiskStorage(join(dataDir, "media")),
    incoming: createTempFolder(join(dataDir, "incoming")),
    maxBytes: uploadMaxBytes,
  };
}

/** Opens where files are kept. Close its storage. */
export async function openFiles(config: FilesConfig, database: Database, clock: Clock): Promise<Files> {
  const secret = await mediaSecret(database.fork());
  return {
    ...openFileStore(config),
    signer: createPathSigner({ secret, ttlMs: config.mediaUrlTtlMs, clock }),
    origin: config.http.publicUrl ?? "",
  };
}
