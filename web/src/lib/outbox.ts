import type { AttachedFile, KeptEntry, Limits, LiveState, OutboxEntry, OutboxState } from "./outbox-entry.js";
import { OutboxSender, type SenderOptions } from "./outbox-sender.js";
import { canDiscard, ShownOutbox, type Progress } from "./outbox-shown.js";
import type { OutboxStorage } from "./outbox-storage.js";
import { singleTab, type Membership, type OutboxTabs, type TabMessage } from "./outbox-tabs.js";
import { noNotes, type SendingNotes } from "./sending-notes.js";
import { createStore, type Store } from "./store.js";
import { randomUuid } from "./uuid.js";

export interface OutboxOptions {
  readonly userId: string;
  readonly storage: OutboxStorage;
  readonly send: SenderOptions["send"];
  /** Absent: this is the only tab. */
  readonly tabs?: OutboxTabs;
  /** Absent: what is not in the storage yet is lost with the page. */
  readonly notes?: SendingNotes;
  readonly newId?: () => string;
  readonly now?: () => Date;
}

/** After this long without a word from the tab that sends, another one takes over. */
const SILENCE_MS = 5_000;

/**
 * What was written and is not known to be stored. It is put into the storage before it is sent, and the storage is the
 * truth: all tabs show what is in it, and one of them sends it. A refused one steps aside and waits for its author.
 */
export class Outbox {
  readonly #shown = new ShownOutbox();
  readonly entries: Store<readonly OutboxEntry[]> = this.#shown.entries;
  readonly progress: Store<Progress> = this.#shown.progress;
  readonly limits: Store<Limits> = createStore<Limits>(new Map());
  readonly #options: OutboxOptions;
  readonly #sender: OutboxSender;
  readonly #tabs: Membership;
  readonly #notes: SendingNotes;
  /** Sent by this tab: not shown or sent again, whatever the storage still says. */
  readonly #stored = new Set<string>();
  /** Refused, and not noted in the storage yet. */
  readonly #refusals = new Map<string, string>();
  #kept: readonly KeptEntry[] = [];
  /** Shown, and not in the storage yet. */
  #fresh: readonly KeptEntry[] = [];
  /** Taken back in this tab: gone at once, whatever the storage still says. */
  readonly #discarded = new Set<string>();
  #elsewhere: ReadonlyMap<string, LiveState> = new Map();
  #isLeading = false;
  #silence: ReturnType<typeof setTimeout> | undefined;
  /** Changes of the storage, one after the other. */
  #work: Promise<void>;

  constructor(options: OutboxOptions) {
    this.#options = options;
    const { send, userId, storage, tabs = singleTab, notes = noNotes } = options;
    this.#notes = notes;
    this.#sender = new OutboxSender({
      send,
      // What only this tab has, only this tab can send.
      entries: () => this.#kept.filter((entry) => (this.#isLeading || !entry.isKept) && this.#isOpen(entry)),
      onStored: (key) => {
        this.#stored.add(key);
        notes.forget(key);
        this.#shown.linger((entry) => entry.clientMutationId === key);
        void this.#change(() => storage.remove(userId, key));
      },
      onRefused: (key, reason) => this.#refuse(key, reason),
      onStates: () => this.#tellStates(),
      onProgress: (key, fraction) => this.#tellProgress(key, fraction),
    });
    const left = notes.left();
    this.#work = Promise.resolve()
      .then(() => this.#reload())
      .then(() => this.#takeOver(left));
    this.#tabs = tabs.join(userId, {
      onLead: (isLeading) => this.#lead(isLeading),
      onMessage: (message) => this.#hear(message),
    });
  }

  /**
   * Takes a message and sends it when its turn comes; one with a file out of a tray under the key that it has there.
   * Resolves when it is in the storage. Until it is there for good, a page that goes away leaves its text to the next one;
   * one with a file would be lost with the page.
   */
  add(roomId: string, content: string, attached: AttachedFile | null = null): Promise<void> {
    const { newId = randomUuid, now = () => new Date() } = this.#options;
    const { file = null, clientMutationId = newId() } = attached ?? {};
    const message = { clientMutationId, roomId, content, file, createdAt: now().toISOString() };
    if (file === null) this.#notes.write(message);
    return this.#keep({ ...message, reason: null, isKept: true });
  }

  /** Tries a refused message again, at the end of its room's queue. */
  retry(clientMutationId: string): void {
    const { storage, userId } = this.#options;
    const kept = this.#kept.find((entry) => entry.clientMutationId === clientMutationId);
    if (!kept || kept.reason === null) return;
    this.#sender.forgetTries(clientMutationId);
    void this.#change(() => storage.put(userId, { ...kept, reason: null }));
  }

  /** Takes a message back where `canDiscard` allows it: ends its tries, and forgets it. */
  discard(clientMutationId: string): void {
    const { storage, userId } = this.#options;
    const entry = this.entries.get().find((each) => each.clientMutationId === clientMutationId);
    if (!entry || !canDiscard(entry, this.progress.get())) return;
    this.#discarded.add(clientMutationId);
    this.#notes.forget(clientMutationId);
    this.#show();
    this.#sender.pump();
    void this.#change(() => storage.remove(userId, clientMutationId));
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

  #keep(entry: KeptEntry): Promise<void> {
    const { storage, userId } = this.#options;
    this.#fresh = [...this.#fresh, entry];
    this.#show();
    const kept = this.#change(async () => {
      await storage.put(userId, entry);
      this.#kept = [...this.#kept, entry];
      this.#fresh = this.#fresh.filter((each) => each !== entry);
    });
    this.#watchSilence();
    return kept;
  }

  /** Takes what a page that has gone away could not put into the storage. */
  #takeOver(left: readonly KeptEntry[]): void {
    const known = new Set(this.#kept.map((entry) => entry.clientMutationId));
    for (const entry of left) if (!known.has(entry.clientMutationId)) void this.#keep(entry);
  }

  #isOpen({ clientMutationId }: KeptEntry): boolean {
    return !this.#stored.has(clientMutationId) && !this.#discarded.has(clientMutationId);
  }

  #refuse(key: string, reason: string): void {
    const { storage, userId } = this.#options;
    this.#refusals.set(key, reason);
    this.#take(this.#kept);
    void this.#change(async () => {
      await storage.refuse(userId, key, reason);
      this.#refusals.delete(key);
    });
  }

  #change(act: () => Promise<void>): Promise<void> {
    const changed = this.#work.then(act);
    this.#work = changed.then(() => this.#reload()).then(() => this.#tabs.post({ kind: "changed" }));
    return changed;
  }

  async #reload(): Promise<void> {
    const loaded = await this.#options.storage.load(this.#options.userId);
    for (const { clientMutationId, isKept } of loaded) if (isKept) this.#notes.forget(clientMutationId);
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
    const keys = new Set([...loaded, ...this.#fresh].map((entry) => entry.clientMutationId));
    this.#shown.linger(
      ({ clientMutationId, state }) =>
        state === "sending" && !keys.has(clientMutationId) && !this.#discarded.has(clientMutationId),
    );
  }

  #show(): void {
    const waiting = [...this.#kept, ...this.#fresh].filter((entry) => this.#isOpen(entry));
    this.#shown.show(waiting, (entry) => this.#stateOf(entry));
  }

  #stateOf(entry: KeptEntry): OutboxState {
    const { clientMutationId: key, reason, isKept } = entry;
    if (reason !== null) return "failed";
    if (this.#fresh.includes(entry)) return "keeping";
    const isOutdated = this.#sender.isOutdated && (this.#isLeading || !isKept);
    return this.#sender.states.get(key) ?? this.#elsewhere.get(key) ?? (isOutdated ? "outdated" : "queued");
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
        this.limits.set(message.limits ?? new Map());
        // It may be of an earlier version, whose messages the server does not take.
        if (message.states.length === 0) this.#watchSilence();
        return this.#show();
      case "progress":
        return this.#shown.setProgress(message.key, message.fraction);
      case "hello":
        return this.#tellStates();
      case "resume":
        this.#sender.resume();
        return this.#tellStates();
    }
  }

  #tellStates(): void {
    this.#show();
    const limits = new Map(this.#sender.limits);
    this.limits.set(limits);
    if (this.#isLeading) this.#tabs.post({ kind: "states", states: [...this.#sender.states], limits });
  }

  #tellProgress(key: string, fraction: number | null): void {
    this.#shown.setProgress(key, fraction);
    if (this.#isLeading && fraction !== null) this.#tabs.post({ kind: "progress", key, fraction });
  }

  /** A tab that the system has put to sleep may hold the lock for ever. */
  #watchSilence(): void {
    clearTimeout(this.#silence);
    if (this.#isLeading) return;
    this.#silence = setTimeout(() => {
      const hasWaiting = this.#kept.some((entry) => entry.reason === null && this.#isOpen(entry));
      const mayLead = !this.#isLeading && !this.#sender.isOutdated;
      if (hasWaiting && this.#elsewhere.size === 0 && mayLead) this.#tabs.takeOver();
    }, SILENCE_MS);
  }
}
