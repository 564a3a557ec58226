import type { SqlEntityManager } from "@mikro-orm/sql";
import { DomainError, notFound } from "../../platform/errors.js";
import type { UserId } from "../../platform/ids.js";
import type { PathSigner } from "../../platform/signed-path.js";
import type { IsoTime } from "../../platform/time.js";
import { mediaPath } from "./attachment.actions.js";
import { isObjectKey, parseObjectKey } from "./attachment.js";
import { storedAttachment, type StoredAttachment } from "./attachment.queries.js";

/** What is asked for, and by what right: a signed address, or being in the room. One of them is enough. */
export interface FileRequest {
  readonly objectKey: string;
  readonly signed: { readonly expires: string; readonly signature: string } | undefined;
  readonly viewerId: UserId | undefined;
}

/** A stored object that may be handed out. */
export interface OpenFile {
  readonly objectKey: string;
  readonly name: string;
  readonly size: number;
  readonly contentType: string;
  readonly isPicture: boolean;
  readonly storedAt: IsoTime;
  /** When the address ends by which it was asked for; undefined when it was asked for by a participant. */
  readonly expiresAt: Date | undefined;
}

/**
 * The gate to what is stored of a file.
 * @throws DomainError UNAUTHENTICATED without any right to show; NOT_FOUND: absent, not theirs, or the address has ended
 */
export async function requireFile(em: SqlEntityManager, signer: PathSigner, request: FileRequest): Promise<OpenFile> {
  const { objectKey, signed, viewerId } = request;
  if (signed === undefined && viewerId === undefined)
    throw new DomainError("UNAUTHENTICATED", "Use the whole address of the file, or send a bearer token.");
  if (!isObjectKey(objectKey)) throw notFound("This file");
  const { key, isThumbnail } = parseObjectKey(objectKey);
  const stored = await storedAttachment(em, key, viewerId);
  if (stored === undefined || (isThumbnail && stored.thumbnailSize === null)) throw notFound("This file");
  const expiresAt = signed && signer.verify({ path: mediaPath(objectKey), ...signed }, stored.mediaGeneration);
  if (expiresAt === undefined && !stored.isParticipant) throw notFound("This file", { roomId: stored.roomId });
  return { objectKey, expiresAt, ...shownAs(stored, isThumbnail), storedAt: stored.createdAt };
}

function shownAs(
  stored: StoredAttachment,
  isThumbnail: boolean,
): Pick<OpenFile, "name" | "size" | "contentType" | "isPicture"> {
  const { name, size, contentType, width, thumbnailSize } = stored;
  if (isThumbnail)
    return { name: `${name}.webp`, size: thumbnailSize ?? 0, contentType: "image/webp", isPicture: true };
  return { name, size, contentType, isPicture: width !== null };
}
