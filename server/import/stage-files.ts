import { createHash } from "node:crypto";
import { StorageFailed } from "../features/attachments/attachment.actions.js";
import { cleanFileName } from "../features/attachments/attachment.js";
import { withReceived, type ReceivedFile } from "../features/attachments/attachment.upload.js";
import { messageTypeOf, type MessageType } from "../features/messages/message.js";
import { DomainError } from "../platform/errors.js";
import { BadLine } from "./bad-line.js";
import type { Placed } from "./lines.js";
import type { Load } from "./load.js";

/** What a message is known to carry. */
export interface Carried {
  readonly type: MessageType;
  /** The name of its file; this and what follows is null without one. */
  readonly attachment: string | null;
  readonly attachment_size: number | null;
  /** Null also where it is not known. */
  readonly attachment_sha256: string | null;
}

const NO_FILE = { attachment: null, attachment_size: null, attachment_sha256: null } as const;

/**
 * Stores the file of a new message, if it has one, with the checks that whatever is sent gets. It stays if the import
 * does.
 * @throws BadLine
 */
export async function storeFile(
  load: Load,
  { line, record }: Placed<"message">,
): Promise<{ readonly carried: Carried; readonly file?: ReceivedFile }> {
  const { attachment: path, type: wanted } = record;
  if (path === null) return { carried: { type: "text", ...NO_FILE } };
  return orBadLine(load, { line, path }, async () =>
    withReceived(load.services, await load.findFile(path), async (file, keep) => {
      const type = messageTypeOf(file.attachment, wanted);
      load.stored.push(file.attachment);
      keep();
      const { name, size } = file.attachment;
      return { file, carried: { type, attachment: name, attachment_size: size, attachment_sha256: file.sha256 } };
    }),
  );
}

/**
 * What a line says that its message carries, as far as it says it, to be held against what that is known to carry.
 * Reads the file and stores nothing.
 * @throws BadLine
 */
export async function claimedBy(
  load: Load,
  { line, record }: Placed<"message">,
  known: Carried,
): Promise<Partial<Carried>> {
  const { attachment: path, type } = record;
  if (path === null) return NO_FILE;
  const { size, sha256 } = await orBadLine(load, { line, path }, () => digest(load, path));
  return {
    attachment: cleanFileName(path),
    attachment_size: size,
    ...(known.attachment_sha256 === null ? {} : { attachment_sha256: sha256 }),
    ...(type === undefined ? {} : { type }),
  };
}

async function digest({ findFile }: Load, path: string): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of (await findFile(path)).read()) {
    size += chunk.length;
    hash.update(chunk);
  }
  return { size, sha256: hash.digest("hex") };
}

/** What is wrong with a file, or with where it is to be kept, is said of its line. */
async function orBadLine<Result>(
  { services }: Load,
  { line, path }: { readonly line: number; readonly path: string },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const which = `The attachment ${JSON.stringify(path)}`;
    const isStorage = error instanceof StorageFailed;
    if (error instanceof DomainError && !isStorage) throw new BadLine(line, `${which}: ${error.message}`);
    if (!isStorage) services.logger.error({ err: error }, "a file of an import could not be stored");
    const cause = isStorage ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BadLine(line, `${which} could not be read or stored (${reason}). Mend that and import again.`);
  }
}

/** A row of the stage `import_attachment`. */
export function toStagedFile(messageId: number, { attachment, thumbnailSize, sha256 }: ReceivedFile): object {
  const { key, name, size, contentType, width, height } = attachment;
  const sizes = { size, width, height, thumbnail_size: thumbnailSize };
  return { message_id: messageId, key, name, content_type: contentType, sha256, ...sizes };
}
