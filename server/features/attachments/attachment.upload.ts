import { createHash, randomBytes } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { badInput, DomainError, wasRolledBack } from "../../platform/errors.js";
import type { FileStore, Services } from "../../platform/scope.js";
import { discardFiles, failStorage } from "./attachment.actions.js";
import { requireContent, type ArrivedFile } from "./attachment.content.js";
import { makeThumbnail, type Picture } from "./attachment.image.js";
import {
  ATTACHMENT_FOLDER,
  claimedType,
  cleanFileName,
  extensionOf,
  thumbnailKey,
  tooLarge,
  type IncomingFile,
  type LoggedAttachment,
} from "./attachment.js";

/** A file that has arrived, was found to be what it says it is, and is stored; no message names it yet. */
export interface ReceivedFile {
  readonly attachment: LoggedAttachment;
  readonly thumbnailSize: number | null;
  /** Of its bytes, in hexadecimal. */
  readonly sha256: string;
}

/** What storing a file takes. */
export type FileServices = Pick<Services, "clock" | "logger"> & { readonly files: FileStore };

/** Hands a stored file to who makes a message of it. `keep` says that a message names it: then it stays. */
type Use<Result> = (received: ReceivedFile, keep: () => void) => Promise<Result>;

/**
 * Receives a file: reads, counts and hashes it into a temporary file, looks at what it is, makes a thumbnail of a
 * picture, and stores both. Unless `use` says that it is kept, nothing of it stays. The caller has made sure that its
 * sender may send it.
 * @throws DomainError PAYLOAD_TOO_LARGE as soon as too much has come, UNSUPPORTED_MEDIA_TYPE, BAD_USER_INPUT (attachment);
 *   StorageFailed
 */
export async function withReceived<Result>(
  services: FileServices,
  file: IncomingFile,
  use: Use<Result>,
): Promise<Result> {
  const { files } = services;
  const path = await files.incoming.path();
  const thumbnailPath = `${path}.webp`;
  try {
    const name = cleanFileName(file.name);
    const type = claimedType({ name, contentType: file.contentType });
    const { size, sha256 } = await writeCounted(file, path, files.maxBytes);
    const arrived: ArrivedFile = { path, size, name, contentType: file.contentType };
    await requireContent(arrived, type);
    const picture = type.kind === "image" ? await makeThumbnail(arrived, thumbnailPath) : undefined;
    const key = newKey(services.clock.now(), extensionOf(name));
    const attachment = toAttachment({ key, name, size, contentType: type.contentType }, picture);
    const received = { attachment, thumbnailSize: picture?.thumbnailSize ?? null, sha256 };
    return await whileStored(services, received, { path, thumbnailPath }, use);
  } finally {
    await rm(path, { force: true });
    await rm(thumbnailPath, { force: true });
  }
}

function toAttachment(
  stored: Pick<LoggedAttachment, "key" | "name" | "size" | "contentType">,
  picture: Picture | undefined,
): LoggedAttachment {
  return { ...stored, width: picture?.width ?? null, height: picture?.height ?? null };
}

const RANDOM_BYTES = 18;
const FILE_MODE = 0o600;

function newKey(now: Date, extension: string): string {
  const day = now.toISOString().slice(0, 10).replaceAll("-", "/");
  return `${ATTACHMENT_FOLDER}/${day}/${randomBytes(RANDOM_BYTES).toString("hex")}.${extension}`;
}

async function writeCounted(
  file: IncomingFile,
  path: string,
  maxBytes: number,
): Promise<{ readonly size: number; readonly sha256: string }> {
  const target = await open(path, "wx", FILE_MODE);
  const hash = createHash("sha256");
  let size = 0;
  try {
    for await (const chunk of file.read()) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      hash.update(chunk);
      await target.appendFile(chunk);
    }
  } finally {
    await target.close();
  }
  if (size === 0) throw badInput("attachment", "The file is empty.");
  return { size, sha256: hash.digest("hex") };
}

async function whileStored<Result>(
  services: FileServices,
  received: ReceivedFile,
  paths: { readonly path: string; readonly thumbnailPath: string },
  use: Use<Result>,
): Promise<Result> {
  const { attachment, thumbnailSize } = received;
  let isKept = false;
  try {
    const stored = thumbnailSize === null ? { path: paths.path } : paths;
    await storeAll(services.files, attachment.key, stored).catch(failStorage(services));
    return await use(received, () => (isKept = true)).catch((error: unknown) => {
      // Committed or not: if a message names it, it has to stay; if none does, the sweep finds it.
      isKept ||= !(error instanceof DomainError) && !wasRolledBack(error);
      throw error;
    });
  } finally {
    if (!isKept) await discardFiles(services, [attachment]);
  }
}

async function storeAll(
  { storage }: FileStore,
  key: string,
  { path, thumbnailPath }: { readonly path: string; readonly thumbnailPath?: string },
): Promise<void> {
  if (thumbnailPath !== undefined) await storage.put(thumbnailKey(key), thumbnailPath);
  await storage.put(key, path);
}
