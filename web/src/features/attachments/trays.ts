import { i18n } from "@lingui/core";
import { inTime } from "../../lib/in-time.js";
import { keysOfTexts, writeText } from "../../lib/kept-texts.js";
import type { OutboxFile } from "../../lib/outbox-entry.js";
import { createStore, type Store } from "../../lib/store.js";
import type { KeptTrayFile, TrayStorage } from "../../lib/tray-storage.js";
import { randomUuid } from "../../lib/uuid.js";
import { fileProblem, FILES_AT_ONCE } from "./attachment-limits.js";
import { readFile } from "./read-file.js";

/** A file that is going to be sent with the next message of its room. */
export interface TrayFile extends KeptTrayFile {
  /** Where this page can show it, when it is a picture. */
  readonly previewUrl: string | null;
  /** Whether it outlives the page: not yet, or never, for the browser has no room left for it or keeps nothing at all. */
  readonly keeping: "pending" | "kept" | "full" | "refused";
}

/** What becomes of the files that somebody puts into a room's tray. */
export interface Intake {
  /** What was not taken, and why, in words. */
  readonly problems: readonly string[];
  /** How many times somebody has put files in that are still being read. */
  readonly readings: number;
}

export const NO_INTAKE: Intake = { problems: [], readings: 0 };

/** What the tabs of one user tell each other. */
export type TrayNews =
  /** The storage has more than before. */
  | { readonly kind: "added" }
  /** These were removed, or are on their way. */
  | { readonly kind: "gone"; readonly keys: readonly string[] };

export interface TraysOptions {
  readonly userId: string;
  readonly storage: TrayStorage;
  /** Absent: this is the only tab. */
  readonly channel?: Pick<BroadcastChannel, "onmessage" | "postMessage" | "close">;
}

function show(file: KeptTrayFile, keeping: TrayFile["keeping"]): TrayFile {
  const previewUrl = file.file.width === null ? null : URL.createObjectURL(file.file.blob);
  return { ...file, previewUrl, keeping };
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

async function readChosen(file: File): Promise<OutboxFile | string> {
  const problem = fileProblem(file);
  if (problem) return problem;
  try {
    return await readFile(file);
  } catch {
    return i18n.t("“{name}” can’t be sent: it could not be read.", { name: file.name });
  }
}

/**
 * The files that are going to be sent, by room. Like drafts they wait there while one looks at another room, survive a reload
 * and are the same in all tabs. Each lies under the key of the message that it will be: however often it is sent, it is one.
 */
export class Trays {
  readonly files: Store<readonly TrayFile[]> = createStore<readonly TrayFile[]>([]);
  readonly intakes: Store<ReadonlyMap<string, Intake>> = createStore<ReadonlyMap<string, Intake>>(new Map());
  readonly #options: TraysOptions;
  /** Removed or sent, in whichever tab: not shown again, whatever the storage still says. */
  readonly #gone = new Set<string>();
  /** In this tab alone: not in the storage yet, or refused by it. */
  readonly #onlyHere = new Set<string>();
  /** Those of them that the storage will never have: it has refused them, and is not merely slow. */
  readonly #unstored = new Set<string>();

  constructor(options: TraysOptions) {
    this.#options = options;
    const { channel } = options;
    // Nothing but our own pages can write into it.
    if (channel) channel.onmessage = ({ data }: MessageEvent<TrayNews>) => this.#hear(data);
    const removals = this.#removalKey("");
    for (const key of keysOfTexts(removals)) this.#discard(key.slice(removals.length));
    void this.#reload();
  }

  /** Puts files into a room's tray. What can't be sent is said, and the others are there all the same. */
  async add(roomId: string, chosen: readonly File[]): Promise<void> {
    if (chosen.length === 0) return;
    const before = this.#intakeOf(roomId);
    // What was said of files that came a moment ago has not been read yet.
    const known = before.readings > 0 ? before.problems : [];
    this.#setIntake(roomId, { problems: known, readings: before.readings + 1 });
    const read = await Promise.all(chosen.map(readChosen));
    const problems = read.filter((each) => typeof each === "string");
    const files = read.filter((each) => typeof each !== "string");
    const free = FILES_AT_ONCE - this.files.get().filter((each) => each.roomId === roomId).length;
    const over = files.splice(Math.max(0, free));
    const names = over.map(({ name }) => `“${name}”`).join(", ");
    if (over.length > 0)
      problems.push(
        i18n.t("At most {most} files can be sent at once. Left out: {names}.", { most: FILES_AT_ONCE, names }),
      );
    const added = files.map((file) => show({ clientMutationId: randomUuid(), roomId, file }, "pending"));
    for (const { clientMutationId } of added) this.#onlyHere.add(clientMutationId);
    this.files.set([...this.files.get(), ...added]);
    const { problems: said, readings } = this.#intakeOf(roomId);
    this.#setIntake(roomId, { problems: [...said, ...problems], readings: readings - 1 });
    await Promise.all(added.map((file) => this.#keep(file)));
  }

  /** Takes one file out of its tray, for good: also when the page is gone before the storage has forgotten it. */
  remove(clientMutationId: string): void {
    // The storage of files answers later; this is kept when it is shown.
    if (!this.#unstored.has(clientMutationId)) writeText(this.#removalKey(clientMutationId), "removed");
    this.#letGo([clientMutationId]);
    this.#discard(clientMutationId);
  }

  /** Empties a room's tray, for sending what was in it: the storage of what is sent takes each file over. */
  take(roomId: string): readonly TrayFile[] {
    const taken = this.files.get().filter((each) => each.roomId === roomId);
    this.#letGo(taken.map((each) => each.clientMutationId));
    this.#setIntake(roomId, NO_INTAKE);
    return taken;
  }

  /** Forgets what was said about files that were not taken. */
  dismiss(roomId: string): void {
    this.#setIntake(roomId, { ...this.#intakeOf(roomId), problems: [] });
  }

  /** Lets go of everything; it stays where the storage keeps it. */
  stop(): void {
    this.#options.channel?.close();
    for (const { previewUrl } of this.files.get()) if (previewUrl) URL.revokeObjectURL(previewUrl);
  }

  #intakeOf(roomId: string): Intake {
    return this.intakes.get().get(roomId) ?? NO_INTAKE;
  }

  #setIntake(roomId: string, intake: Intake): void {
    this.intakes.set(new Map(this.intakes.get()).set(roomId, intake));
  }

  async #keep({ clientMutationId, roomId, file }: TrayFile): Promise<void> {
    const { storage, userId, channel } = this.#options;
    const fail = (error: unknown): void => this.#mark(clientMutationId, isFull(error) ? "full" : "refused");
    const kept = storage.put(userId, { clientMutationId, roomId, file });
    // One that takes long is named until it is kept after all.
    inTime(kept).catch(fail);
    kept.catch(() => this.#noteUnstored(clientMutationId));
    try {
      await kept;
      this.#onlyHere.delete(clientMutationId);
      this.#mark(clientMutationId, "kept");
      if (this.#gone.has(clientMutationId)) await storage.remove(userId, clientMutationId);
      else channel?.postMessage({ kind: "added" } satisfies TrayNews);
    } catch (error) {
      fail(error);
    }
  }

  /** Notes that a file is not in the storage and won't be: then there is nothing that it has to forget. */
  #noteUnstored(clientMutationId: string): void {
    this.#unstored.add(clientMutationId);
    if (this.#gone.has(clientMutationId)) writeText(this.#removalKey(clientMutationId), null);
  }

  #mark(clientMutationId: string, keeping: TrayFile["keeping"]): void {
    const isOther = (each: TrayFile): boolean => each.clientMutationId === clientMutationId && each.keeping !== keeping;
    if (!this.files.get().some(isOther)) return;
    this.files.set(this.files.get().map((each) => (isOther(each) ? { ...each, keeping } : each)));
  }

  /** Where it is noted that a file was removed, until the storage has forgotten it. */
  #removalKey(clientMutationId: string): string {
    return `parley.removed.${this.#options.userId}.${clientMutationId}`;
  }

  /** Lets the storage forget what was removed; where it can't now, the next page tries again. */
  #discard(clientMutationId: string): void {
    const { storage, userId } = this.#options;
    this.#gone.add(clientMutationId);
    storage.remove(userId, clientMutationId).then(
      () => writeText(this.#removalKey(clientMutationId), null),
      () => undefined,
    );
  }

  #letGo(keys: readonly string[]): void {
    this.#drop(keys);
    this.#options.channel?.postMessage({ kind: "gone", keys } satisfies TrayNews);
  }

  #drop(keys: readonly string[]): void {
    for (const key of keys) this.#gone.add(key);
    const files = this.files.get();
    for (const { clientMutationId, previewUrl } of files)
      if (previewUrl && this.#gone.has(clientMutationId)) URL.revokeObjectURL(previewUrl);
    this.files.set(files.filter((each) => !this.#gone.has(each.clientMutationId)));
  }

  #hear(news: TrayNews): void {
    if (news.kind === "gone") this.#drop(news.keys);
    else void this.#reload();
  }

  async #reload(): Promise<void> {
    const { storage, userId } = this.#options;
    const loaded = await storage.load(userId).catch(() => null);
    // What can't be read now stays as it is shown.
    if (loaded === null) return;
    const shown = new Map(this.files.get().map((each) => [each.clientMutationId, each]));
    const here = this.files.get().filter((each) => this.#onlyHere.has(each.clientMutationId));
    const isElsewhere = ({ clientMutationId: key }: KeptTrayFile) => !this.#gone.has(key) && !this.#onlyHere.has(key);
    const kept = loaded.filter(isElsewhere).map((each) => shown.get(each.clientMutationId) ?? show(each, "kept"));
    const next = [...kept, ...here];
    const isSame =
      next.length === this.files.get().length && next.every((each) => shown.get(each.clientMutationId) === each);
    if (!isSame) this.files.set(next);
  }
}
