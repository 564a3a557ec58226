import { ChatError } from "./errors.ts";
import { backoffMs, type After } from "./timing.ts";
import type { AnswerFrame, ChatCommand, ErrorFrame } from "./types.ts";
import { randomUuid } from "./uuid.ts";

/** What passes by waiting. */
const PASSING = ["UNAVAILABLE", "RATE_LIMITED"];
/** A frame of more than 128 KiB would end the connection, time and again. */
const MAX_FRAME_BYTES = 128 * 1024;

interface Entry {
  readonly key: string;
  readonly command: ChatCommand;
  readonly resolve: (answer: AnswerFrame) => void;
  readonly reject: (error: ChatError) => void;
  /** How often it was sent. */
  tries: number;
  faults: number;
}

export interface OutboxParts {
  readonly after: After;
  readonly transmit: (frame: object) => void;
  /** Called when nothing waits any more. */
  readonly onEmpty: () => void;
}

/**
 * What was said and is not answered yet: in order and one at a time, each under its key until the server has carried it
 * out or refused it, over however many connections.
 */
export class RoomOutbox {
  readonly #parts: OutboxParts;
  #entries: readonly Entry[] = [];
  #isOpen = false;
  #isAwaited = false;
  #cancelWait = (): void => {};

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /**
   * Resolves with what follows from the command.
   * @throws ChatError why it was refused
   */
  say(command: ChatCommand): Promise<AnswerFrame> {
    return new Promise((resolve, reject) => {
      if (new TextEncoder().encode(JSON.stringify(command)).length > MAX_FRAME_BYTES - 100)
        return reject(new ChatError({ code: "PAYLOAD_TOO_LARGE", detail: "This is too long to be sent." }));
      this.#entries = [...this.#entries, { key: randomUuid(), command, resolve, reject, tries: 0, faults: 0 }];
      this.#pump();
    });
  }

  /** There is a connection, and all that happened before it is handled: what is not answered by that is sent again. */
  open(): void {
    this.#isOpen = true;
    this.#pump();
  }

  /** The connection is gone. */
  pause(): void {
    this.#isOpen = false;
    this.#isAwaited = false;
    this.#cancelWait();
  }

  /** Takes a frame for the answer to what waits under its key, if something does. */
  answer(frame: AnswerFrame): void {
    const entry = this.#find(frame.client_mutation_id);
    if (entry === undefined) return;
    entry.resolve(frame);
    this.#remove(entry);
  }

  /** Takes an error for the answer to what waits under its key: that is tried again or given up. Returns whether it is one. */
  refuse(frame: ErrorFrame): boolean {
    const entry = this.#find(frame.client_mutation_id);
    if (entry === undefined) return false;
    if (isDoneAlready(entry, frame)) {
      entry.resolve({ type: "message_deleted", message_id: entry.command.message_id });
      this.#remove(entry);
      return true;
    }
    const { code, detail, retry_after_ms: retryAfterMs } = frame;
    if (code === "INTERNAL_SERVER_ERROR") entry.faults += 1;
    const isFirstFault = code === "INTERNAL_SERVER_ERROR" && entry.faults === 1;
    if (!PASSING.includes(code) && !isFirstFault) {
      entry.reject(new ChatError({ code, detail, retryAfterMs }));
      this.#remove(entry);
      return true;
    }
    this.#cancelWait = this.#parts.after(retryAfterMs ?? backoffMs(entry.tries - 1), () => {
      this.#isAwaited = false;
      this.#pump();
    });
    return true;
  }

  /** Gives everything up that waits. */
  abandon(error: ChatError): void {
    this.pause();
    const entries = this.#entries;
    this.#entries = [];
    for (const { reject } of entries) reject(error);
  }

  #pump(): void {
    const [entry] = this.#entries;
    if (!this.#isOpen || this.#isAwaited || entry === undefined) return;
    this.#isAwaited = true;
    entry.tries += 1;
    this.#parts.transmit({ ...entry.command, client_mutation_id: entry.key });
  }

  #find(key: string | undefined): Entry | undefined {
    return key === undefined ? undefined : this.#entries.find((entry) => entry.key === key);
  }

  #remove(entry: Entry): void {
    if (this.#entries[0] === entry) {
      this.#isAwaited = false;
      this.#cancelWait();
    }
    this.#entries = this.#entries.filter((each) => each !== entry);
    if (this.isEmpty) this.#parts.onEmpty();
    else this.#pump();
  }
}

type Deletion = Extract<ChatCommand, { readonly type: "message_delete" }>;

/** An earlier try has deleted it, and the connection broke before its answer came. */
function isDoneAlready(entry: Entry, { code }: ErrorFrame): entry is Entry & { readonly command: Deletion } {
  return entry.tries > 1 && entry.command.type === "message_delete" && code === "NOT_FOUND";
}
