import type { Brand } from "../../platform/ids.js";
import { DomainError } from "../../platform/errors.js";
import { cleanLine, codePoints } from "../../platform/text.js";

export type AttachmentId = Brand<number, "AttachmentId">;

/** A file that somebody has sent beside a message, or as one. */
export interface Attachment {
  /** Where it is stored, and the part of its address after `/media/`: made by the server. */
  readonly key: string;
  /** As its sender named it, cleaned: to be shown, searched and downloaded under, never to find the file itself by. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly contentType: string;
  /** As it is shown, in pixels; null for what is no picture. */
  readonly width: number | null;
  readonly height: number | null;
  /** Its addresses are signed for this: it rises when somebody is removed from the room, and older addresses end. */
  readonly mediaGeneration: number;
}

/** What the log keeps of a file: its addresses are signed for what holds when they are handed out. */
export type LoggedAttachment = Omit<Attachment, "mediaGeneration">;

/** Whoever hands over a file: what they say of it, and its bytes, of which none has been read yet. */
export interface IncomingFile {
  /** Whatever stood in the request. */
  readonly name: string;
  /** What the sender declares it to be; `application/octet-stream` or nothing is no claim. */
  readonly contentType?: string | undefined;
  /** Begins to read. Called once, and not before the sender was seen to be allowed to. */
  read(): AsyncIterable<Uint8Array>;
}

/** How the content of a type is told from others. */
export type ContentKind = "image" | "pdf" | "word" | "word-archive" | "text";

export interface FileType {
  readonly kind: ContentKind;
  /** What it is served as. */
  readonly contentType: string;
  /** What else senders call it. */
  readonly aliases: readonly string[];
  /** What its first bytes say (file-type's names). */
  readonly magic: readonly string[];
}

const JPEG: FileType = {
  kind: "image",
  contentType: "image/jpeg",
  aliases: ["image/jpg", "image/pjpeg"],
  magic: ["jpg"],
};

/** Everything that may be sent, by extension. */
export const fileTypes: Readonly<Record<string, FileType>> = {
  jpg: JPEG,
  jpeg: JPEG,
  png: { kind: "image", contentType: "image/png", aliases: ["image/x-png", "image/apng"], magic: ["png", "apng"] },
  gif: { kind: "image", contentType: "image/gif", aliases: [], magic: ["gif"] },
  webp: { kind: "image", contentType: "image/webp", aliases: [], magic: ["webp"] },
  pdf: { kind: "pdf", contentType: "application/pdf", aliases: ["application/x-pdf"], magic: ["pdf"] },
  doc: { kind: "word", contentType: "application/msword", aliases: ["application/vnd.ms-word"], magic: ["cfb"] },
  docx: {
    kind: "word-archive",
    contentType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    aliases: [],
    magic: ["docx", "zip"],
  },
  txt: { kind: "text", contentType: "text/plain", aliases: [], magic: [] },
};

const ALLOWED = Object.keys(fileTypes).join(", ");
export const NAME_MAX_CODE_POINTS = 255;
/** A picture with more is refused before it is decoded: a few kilobytes can stand for gigabytes. */
export const MAX_PIXELS = 50_000_000;
/** The longer side of a thumbnail, in pixels. */
export const THUMBNAIL_PIXELS = 480;
/** The folder of the storage that attachments are in. */
export const ATTACHMENT_FOLDER = "chat_attachments";

const THUMBNAIL_SUFFIX = ".thumb.webp";

/** Where the small picture of a file is stored. */
export function thumbnailKey(key: string): string {
  return `${key}${THUMBNAIL_SUFFIX}`;
}

const OBJECT_KEY = new RegExp(String.raw`^${ATTACHMENT_FOLDER}/\d{4}/\d{2}/\d{2}/[\w-]+(\.\w+)+$`);

/** Whether anything could be stored under this key: what is not of the form that the server makes, is not there. */
export function isObjectKey(objectKey: string): boolean {
  return OBJECT_KEY.test(objectKey);
}

/** The file that an object of the storage belongs to, and whether it is its thumbnail. */
export function parseObjectKey(objectKey: string): { readonly key: string; readonly isThumbnail: boolean } {
  const isThumbnail = objectKey.endsWith(THUMBNAIL_SUFFIX);
  return { key: isThumbnail ? objectKey.slice(0, -THUMBNAIL_SUFFIX.length) : objectKey, isThumbnail };
}

/** Everything that is stored of a file. */
export function objectKeys({ key, width }: Pick<Attachment, "key" | "width">): readonly string[] {
  return width === null ? [key] : [key, thumbnailKey(key)];
}

/**
 * A file's name to show: its last part, without control characters and direction overrides, at most 255 characters of
 * which the extension stays.
 */
export function cleanFileName(name: string): string {
  const line = cleanLine(name.split(/[/\\]/u).at(-1) ?? "");
  const { base, extension } = splitName(line);
  const room = NAME_MAX_CODE_POINTS - codePoints(extension);
  const kept = [...(base === "" ? "file" : base)].slice(0, room).join("").trimEnd();
  return `${kept}${extension}`;
}

/** The extension of a cleaned name in lower case, without its dot. */
export function extensionOf(name: string): string {
  return splitName(name).extension.slice(1).toLowerCase();
}

const LONGEST_EXTENSION = 16;

function splitName(name: string): { readonly base: string; readonly extension: string } {
  const dot = name.lastIndexOf(".");
  const isExtension = dot >= 0 && dot >= name.length - 1 - LONGEST_EXTENSION;
  return isExtension ? { base: name.slice(0, dot), extension: name.slice(dot) } : { base: name, extension: "" };
}

/** No claim: what a client declares when it does not know, and what parsers say of a part that declares nothing. */
const UNKNOWN_TYPES = ["", "application/octet-stream", "text/plain"];

/**
 * The type that a name and a declaration agree on, before there are bytes.
 * @param file with its name cleaned
 * @throws DomainError UNSUPPORTED_MEDIA_TYPE
 */
export function claimedType(file: Pick<IncomingFile, "name" | "contentType">): FileType {
  const extension = extensionOf(file.name);
  const type = Object.hasOwn(fileTypes, extension) ? fileTypes[extension] : undefined;
  if (type === undefined) throw unsupported("Files of this kind can't be sent.");
  const declared = (file.contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (![...UNKNOWN_TYPES, type.contentType, ...type.aliases].includes(declared))
    throw unsupported(`The file is called .${extension}, and declared as something else.`);
  return type;
}

export function unsupported(what: string): DomainError {
  return new DomainError("UNSUPPORTED_MEDIA_TYPE", `${what} Allowed are ${ALLOWED}.`, { field: "attachment" });
}

const KIB = 1_024;

export function tooLarge(maxBytes: number): DomainError {
  const [mib, kib] = [maxBytes / (KIB * KIB), maxBytes / KIB];
  const limit = mib >= 1 ? `${Math.floor(mib * 10) / 10} MB` : kib >= 1 ? `${Math.floor(kib)} kB` : `${maxBytes} bytes`;
  return new DomainError("PAYLOAD_TOO_LARGE", `A file can have at most ${limit}.`, { field: "attachment" });
}

/** The sender went away, or the request ended in the middle of the file. */
export function brokenOff(): DomainError {
  return new DomainError("BAD_USER_INPUT", "The file did not arrive whole. Send it again.", { field: "attachment" });
}
