import { DomainError } from "../../platform/errors.js";
import type { Files, FileStore, Services } from "../../platform/scope.js";
import { objectKeys, thumbnailKey, type Attachment, type LoggedAttachment } from "./attachment.js";

const MEDIA_PATH = "/media/";

export interface AttachmentUrls {
  readonly url: string;
  /** Null for what is no picture. */
  readonly thumbnailUrl: string | null;
}

/**
 * The addresses of a file, signed: they work for everybody who has them, until they expire or somebody is removed from
 * the room. Absolute where the public origin is known, else from the root of this server.
 */
export function attachmentUrls({ signer, origin }: Files, attachment: Attachment): AttachmentUrls {
  const { key, width, mediaGeneration } = attachment;
  const sign = (objectKey: string): string => `${origin}${signer.sign(mediaPath(objectKey), mediaGeneration)}`;
  return { url: sign(key), thumbnailUrl: width === null ? null : sign(thumbnailKey(key)) };
}

/** The address of a stored object on this server, without a signature. */
export function mediaPath(objectKey: string): string {
  return `${MEDIA_PATH}${objectKey}`;
}

/** Deletes what is stored of files that no message names any more. It fails nothing: what is left the sweep finds. */
export async function discardFiles(
  { files, logger }: Pick<Services, "logger"> & { readonly files: Pick<FileStore, "storage"> },
  attachments: readonly Pick<LoggedAttachment, "key" | "width">[],
): Promise<void> {
  await files.storage.delete(attachments.flatMap(objectKeys)).catch((error: unknown) => {
    logger.warn({ err: error }, "stored files could not be deleted; the sweep will find them");
  });
}

const RETRY_AFTER_MS = 5_000;

/** The storage is away or full: whose file it is can do nothing about it. `cause` is what it said. */
export class StorageFailed extends DomainError {
  constructor(override readonly cause: unknown) {
    const words = "Files can't be stored or opened just now. Try again in a moment.";
    super("UNAVAILABLE", words, { retryAfterMs: RETRY_AFTER_MS });
  }
}

/** Logs, once, what the storage said, and throws what somebody is told whose file it was. */
export function failStorage({ logger }: Pick<Services, "logger">): (error: unknown) => never {
  return (error) => {
    logger.error({ err: error }, "the storage of files failed");
    throw new StorageFailed(error);
  };
}
