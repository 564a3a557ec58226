import type { Readable } from "node:stream";

/** The part of an object from `start` to `end`, both counted from 0 and both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where files are kept that people have sent. A key is a path (`a/2026/11/25/x.png`) that the server has made: letters,
 * digits, `_`, `-`, `.` and `/`. An object is written once and never changed.
 */
export interface Storage {
  /** Puts a finished local file under the key; it is durable when this resolves. The local file may be gone then. */
  put(key: string, path: string): Promise<void>;
  /** The bytes of an object; undefined when there is none. Whoever gets the stream reads it to its end or destroys it. */
  read(key: string, range?: ByteRange): Promise<Readable | undefined>;
  /** Deletes objects; those that are not there are none too many. */
  delete(keys: readonly string[]): Promise<void>;
  /** The keys below a folder of those objects that were put before a moment, in any order; what has no key's name is none. */
  list(folder: string, before: Date): AsyncIterable<string>;
  close(): void;
}

const KEY = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;

/** Whether an object can be one of ours: whatever else lies about in the storage is left alone. */
export function isKey(key: string): boolean {
  return KEY.test(key);
}

/** Refuses what is no key before it becomes a path of the file system. */
export function requireKey(key: string): string {
  if (!isKey(key)) throw new Error(`${JSON.stringify(key)} is not a key of the storage.`);
  return key;
}
