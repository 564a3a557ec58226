import type { KeptEntry, LiveState, OutboxEntry, OutboxFile, OutboxState } from "./outbox-entry.js";
import { OutboxSender, type SenderOptions } from "./outbox-sender.js";
import type { OutboxStorage } from "./outbox-storage.js";
import { singleTab, type Membership, type OutboxTabs, type TabMessage } from "./outbox-tabs.js";
import { createStore, type Store } from "./store.js";
import { randomUuid } from "./uuid.js";

export interface OutboxOptions {
  readonly userId: string;
  readonly storage: OutboxStorage;
  readonly send: SenderOptions["send"];
  /** Absent: this is the only tab. */
  readonly tabs?: OutboxTabs;
  readonly newId?: () => string;
  readonly now?: () => Date;
}

/** After this long without a word from the tab that sends, another one takes over. */
const SILENCE_MS = 5_000;

/**
 * One that is stored stays on the screen until the message is: the feed shows the two as one, and hears of the message a
 * moment later than of this.
 */
const LINGER_MS = 1_000;

/** How much of each file has left, by its message's key. */
type Progress = ReadonlyMap<string, number>;

/** Whether a message can be taken back: one that was refused, or whose file has not left whole. */
export function canDiscard({ state, file, clientMutationId }: OutboxEntry, progress: Progress): boolean {
  return state === "failed" || (file !== null && (progress.get(clientMutationId) ?? 0) < 1);
}

/**
 * What was written and is not known to be stored. It is put into the storage before it is sent, and the storage is the
 * truth: all tabs show what is in it, and one of them sends it. A refused one steps aside and waits for its author.
 */
export class Outbox {
  readonly entries: Store<readonly OutboxEntry[]> = createStore<readonly OutboxEntry[]>([]);
  readonly progress: Store<Progress> = createStore<Progress>(new Map());
  readonly #options: OutboxOptions;
  readonly #sender: OutboxSender;
  readonly #tabs: Membership;
  /** Sent by this tab: not shown or sent again, whatever the storage still says. */
  readonly #stored = new Set<string>();
  /** Refused, and not noted in the storage yet. */
  readonly #refusals = new Map<string, string>();
  #kept: readonly KeptEntry[] = [];
  /** Shown, and not in the storage yet. */
  #fresh: readonly KeptEntry[] = [];
  /** Stored, and shown a moment longer. */
  #lingering: readonly OutboxEntry[] = [];
  /** Taken back in this tab: gone at once. */
  readonly #discarded = new Set<string>();
  #elsewhere: ReadonlyMap<string, LiveState> = new Map();
  #isLeading = false;
  #silence: ReturnType<typeof setTimeout> | undefined;
  /** Changes of the storage, one after the other. */
  #work: Promise<void>;

  constructor(options: OutboxOptions) {
    this.#options = options;
    const { send, userId, storage, tabs = singleTab } = options;
    this.#sender = new OutboxSender({
      send,
      // What only this tab has, only this tab can send.
      entries: () => this.#kept.filter((entry) => (this.#isLeading || !entry.isKept) && this.#isOpen(entry)),
      onStored: (key) => {
        this.#stored.add(key);
        this.#linger(this.entries.get().filter((entry) => entry.clientMutationId === key));
        this.#change(() => storage.remove(userId, key));
      },
      onRefused: (key, reason) => this.#refuse(key, reason),
      onStates: () => this.#tellStates(),
      onProgress: (key, fraction) => this.#tellProgress(key, fraction),
    });
    this.#work = Promise.resolve().then(() => this.#reload());
    this.#tabs = tabs.join(userId, {
      onLead: (isLeading) => this.#lead(isLeading),
      onMessage: (message) => this.#hear(message),
    });
  }

  /** Takes a message and sends it when its turn comes. */
  add(roomId: string, content: string, file: OutboxFile | null = null): OutboxEntry {
    const { newId = randomUuid, now = () => new Date(), storage, userId } = this.#options;
    const clientMutationId = newId();
    const message = { clientMutationId, roomId, content, file, createdAt: now().toISOString() };
    const entry: KeptEntry = { ...message, reason: null, isKept: true };
    this.#fresh = [...this.#fresh, entry];
    this.#show();
    this.#change(async () => {
      await storage.put(userId, entry);
      this.#kept = [...this.#kept, entry];
      this.#fresh = this.#fresh.filter((each) => each !== entry);
    });
    this.#watchSilence();
    return { ...entry, state: "queued" };
  }

  /** Tries a refused message again, at the end of its room's queue. */
  retry(clientMutationId: string): void {
    const { storage, userId } = this.#options;
    const kept = this.#kept.find((entry) => entry.clientMutationId === clientMutationId);
    if (!kept || kept.reason === null) return;
    this.#sender.forgetTries(clientMutationId);
    this.#change(() => storage.put(userId, { ...kept, reason: null }));
  }

  /** Forgets a message that can be taken back. One that may be stored already can't. */
  discard(clientMutationId: string): void {
    const { storage, userId } = this.#options;
    const entry = this.entries.get().find((each) => each.clientMutationId === clientMutationId);
    if (!entry || !canDiscard(entry, this.progress.get())) return;
    this.#discarded.add(clientMutationId);
    this.#change(() => storage.remove(userId, clientMutationId));
  }

  /** Tries everything that waits now, in whichever tab: the connection is back. */
  resume(): void {
    this.#sender.resume();
    // What it has said before is no sign that it is alive now.
    if (!this.#isLeading) this.#elsewhere = new Map();
    this.#watchSilence();
    this.#tabs.post({ kind: "resume" });
  }

  /** Stops trying; entries stay where the storage keeps them. */
  stop(): void {
    clearTimeout(this.#silence);
    this.#sender.stop();
    // Whoever goes on has to hear of what is being stored.
    void this.#work.then(() => this.#tabs.leave());
  }

  #isOpen({ clientMutationId }: KeptEntry): boolean {
    return !this.#stored.has(clientMutationId);
  }

  #refuse(key: string, reason: string): void {
    const { storage, userId } = this.#options;
    this.#refusals.set(key, reason);
    this.#take(this.#kept);
    this.#change(async () => {
      await storage.refuse(userId, key, reason);
      this.#refusals.delete(key);
    });
  }

  #change(act: () => Promise<void>): void {
    this.#work = this.#work
      .then(act)
      .then(() => this.#reload())
      .then(() => this.#tabs.post({ kind: "changed" }));
  }

  async #reload(): Promise<void> {
    const loaded = await this.#options.storage.load(this.#options.userId);
    this.#lingerGone(loaded);
    this.#take(loaded);
    this.#show();
    this.#sender.pump();
  }

  /** What has not changed stays the same object: a file that is shown must not be another one each time. */
  #take(loaded: readonly KeptEntry[]): void {
    const known = new Map(this.#kept.map((entry) => [entry.clientMutationId, entry]));
    this.#kept = loaded.map((entry) => {
      const reason = entry.reason ?? this.#refusals.get(entry.clientMutationId) ?? null;
      const same = known.get(entry.clientMutationId);
      return same && same.reason === reason && same.isKept === entry.isKept ? same : { ...entry, reason };
    });
  }

  /** What another tab was sending and is not in the storage any more has most likely been stored. */
  #lingerGone(loaded: readonly KeptEntry[]): void {
    if (this.#isLeading) return;
    const keys = new Set([...loaded, ...this.#fresh, ...this.#lingering].map((entry) => entry.clientMutationId));
    const isGone = ({ clientMutationId, state }: OutboxEntry): boolean =>
      state === "sending" && !keys.has(clientMutationId) && !this.#discarded.has(clientMutationId);
    this.#linger(this.entries.get().filter(isGone));
  }

  #linger(entries: readonly OutboxEntry[]): void {
    if (entries.length === 0) return;
    this.#lingering = [...this.#lingering, ...entries];
    setTimeout(() => {
      this.#lingering = this.#lingering.filter((entry) => !entries.includes(entry));
      this.#show();
    }, LINGER_MS);
  }

  #show(): void {
    const shown = new Map(this.entries.get().map((entry) => [entry.clientMutationId, entry]));
    const entries = [...this.#kept, ...this.#fresh].filter((entry) => this.#isOpen(entry));
    this.entries.set([
      ...this.#lingering,
      ...entries.map((entry) => {
        const state = this.#stateOf(entry);
        const same = shown.get(entry.clientMutationId);
        const isSame = same?.state === state && same.reason === entry.reason && same.isKept === entry.isKept;
        return isSame ? same : { ...entry, state };
      }),
    ]);
  }

  #stateOf({ clientMutationId: key, reason }: KeptEntry): OutboxState {
    if (reason !== null) return "failed";
    return this.#sender.states.get(key) ?? this.#elsewhere.get(key) ?? "queued";
  }

  #lead(isLeading: boolean): void {
    this.#isLeading = isLeading;
    if (isLeading) this.#elsewhere = new Map();
    this.#work = this.#work.then(() => this.#reload());
  }

  #hear(message: TabMessage): void {
    switch (message.kind) {
      case "changed":
        this.#work = this.#work.then(() => this.#reload());
        return;
      case "states":
        this.#elsewhere = new Map(message.states);
        return this.#show();
      case "progress":
        return this.#setProgress(message.key, message.fraction);
      case "hello":
        return this.#tellStates();
      case "resume":
        this.#sender.resume();
        return this.#tellStates();
    }
  }

  #tellStates(): void {
    this.#show();
    if (this.#isLeading) this.#tabs.post({ kind: "states", states: [...this.#sender.states] });
  }

  #tellProgress(key: string, fraction: number | null): void {
    this.#setProgress(key, fraction);
    if (this.#isLeading && fraction !== null) this.#tabs.post({ kind: "progress", key, fraction });
  }

  #setProgress(key: string, fraction: number | null): void {
    const next = new Map(this.progress.get());
    if (fraction === null) next.delete(key);
    else next.set(key, fraction);
    this.progress.set(next);
  }

  /** A tab that the system has put to sleep may hold the lock for ever. */
  #watchSilence(): void {
    clearTimeout(this.#silence);
    if (this.#isLeading) return;
    this.#silence = setTimeout(() => {
      const hasWaiting = this.#kept.some((entry) => entry.reason === null && this.#isOpen(entry));
      if (hasWaiting && this.#elsewhere.size === 0 && !this.#isLeading) this.#tabs.takeOver();
    }, SILENCE_MS);
  }
}
