import { i18n } from "@lingui/core";
import type { OutboxFile } from "../../lib/outbox-entry.js";
import { createStore, type Store } from "../../lib/store.js";
import { fileProblem, FILES_AT_ONCE } from "./attachment-limits.js";
import { readFile } from "./read-file.js";

export interface TrayFile {
  readonly id: number;
  readonly file: OutboxFile;
  /** Where this page can show it, when it is a picture. */
  readonly previewUrl: string | null;
}

/** The files that are going to be sent with the next message. */
export interface Tray {
  readonly files: readonly TrayFile[];
  /** What was not taken, and why, in words. */
  readonly problems: readonly string[];
  /** How many times somebody has put files in that are still being read. */
  readonly readings: number;
}

const EMPTY: Tray = { files: [], problems: [], readings: 0 };

/** Like drafts they belong to a room, and wait there while one looks at another; a reload forgets them. */
const trays = new Map<string, Store<Tray>>();
let lastId = 0;

/** The tray of a user in a room. */
export function trayOf(userId: string, roomId: string): Store<Tray> {
  const key = `${userId} ${roomId}`;
  const tray = trays.get(key) ?? createStore(EMPTY);
  trays.set(key, tray);
  return tray;
}

async function toTrayFile(file: File): Promise<TrayFile | string> {
  const problem = fileProblem(file);
  if (problem) return problem;
  try {
    const read = await readFile(file);
    const previewUrl = read.width === null ? null : URL.createObjectURL(read.blob);
    return { id: ++lastId, file: read, previewUrl };
  } catch {
    return i18n.t("“{name}” can’t be sent: it could not be read.", { name: file.name });
  }
}

function letGo(files: readonly TrayFile[]): void {
  for (const { previewUrl } of files) if (previewUrl) URL.revokeObjectURL(previewUrl);
}

/** Puts files into a tray. What can't be sent is said, and the others are there all the same. */
export async function addFiles(tray: Store<Tray>, files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  const before = tray.get();
  // What was said of files that came a moment ago has not been read yet.
  tray.set({ ...before, problems: before.readings > 0 ? before.problems : [], readings: before.readings + 1 });
  const read = await Promise.all(files.map(toTrayFile));
  const known = tray.get();
  const all = [...known.files, ...read.filter((each) => typeof each !== "string")];
  const problems = read.filter((each) => typeof each === "string");
  const over = all.slice(FILES_AT_ONCE);
  letGo(over);
  const names = over.map(({ file }) => `“${file.name}”`).join(", ");
  if (over.length > 0)
    problems.push(
      i18n.t("At most {most} files can be sent at once. Left out: {names}.", { most: FILES_AT_ONCE, names }),
    );
  tray.set({
    files: all.slice(0, FILES_AT_ONCE),
    problems: [...known.problems, ...problems],
    readings: known.readings - 1,
  });
}

/** Takes one file out of a tray. */
export function removeFile(tray: Store<Tray>, id: number): void {
  const { files, ...rest } = tray.get();
  letGo(files.filter((each) => each.id === id));
  tray.set({ ...rest, files: files.filter((each) => each.id !== id) });
}

/** Forgets what was said about files that were not taken. */
export function dismissProblems(tray: Store<Tray>): void {
  tray.set({ ...tray.get(), problems: [] });
}

/** Empties a tray, for sending what was in it. */
export function takeFiles(tray: Store<Tray>): readonly OutboxFile[] {
  const { files } = tray.get();
  letGo(files);
  tray.set(EMPTY);
  return files.map((each) => each.file);
}
