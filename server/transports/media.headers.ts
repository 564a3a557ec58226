import type { IncomingHttpHeaders } from "node:http";
import type { ByteRange } from "../platform/storage/storage.js";

/** What stands between the client's cache and a file: ranges, validators and names, as RFC 9110 and 6266 have them. */

/**
 * The one part that is asked for; undefined for the whole file, also when several parts are asked for, or the client's
 * copy is of another file (`If-Range`).
 */
export function parseRange(
  headers: IncomingHttpHeaders,
  { size, etag }: { readonly size: number; readonly etag: string },
): ByteRange | "unsatisfiable" | undefined {
  const condition = headers["if-range"];
  if (condition !== undefined && condition !== etag) return undefined;
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(headers.range?.trim() ?? "");
  const [, first = "", last = ""] = match ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "")
    return Number(last) === 0 || size === 0
      ? "unsatisfiable"
      : { start: Math.max(size - Number(last), 0), end: size - 1 };
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return undefined;
  return start >= size ? "unsatisfiable" : { start, end };
}

/** Whether the client has the file as it is: a file never changes under its address. */
export function isUnchanged(headers: IncomingHttpHeaders, etag: string, storedAt: string): boolean {
  const known = headers["if-none-match"];
  if (known !== undefined)
    return known.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag);
  const since = Date.parse(headers["if-modified-since"] ?? "");
  const storedSecond = Math.floor(Date.parse(storedAt) / 1_000) * 1_000;
  return storedSecond <= since;
}

/** A file's name for the browser: as it is, and in plain ASCII for those who can't read that. */
export function contentDisposition(kind: "inline" | "attachment", name: string): string {
  const ascii = name.replace(/[^ -~]|["\\%]/gu, "_");
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
