import { parseFrame } from "./frames.ts";
import type { After } from "./timing.ts";
import type { ChatFrame } from "./types.ts";

/** After so long without a word the other side is asked for one. */
const QUIET_MS = 25_000;
/** Who does not answer within this is given up. */
const ANSWER_WITHIN_MS = 10_000;
/** A socket that could not be opened, or that has fallen silent, ends like one that broke. */
const BROKEN = 1006;
const GOODBYE = 1000;
const UNAUTHENTICATED = 4401;

export interface LineEnd {
  readonly code: number;
  readonly reason: string;
}

export interface LineParts {
  readonly after: After;
  /** The newest token: by it the other side is asked for a word, and the connection lives on when the old one ends. */
  readonly token: () => Promise<string>;
  readonly onFrame: (frame: ChatFrame) => void;
  /** Called once; nothing comes after it. */
  readonly onEnd: (end: LineEnd) => void;
}

/** One connection, from its dialling to its end. */
export class RoomLine {
  readonly #parts: LineParts;
  readonly #url: string;
  readonly #token: string;
  #socket: WebSocket | undefined;
  #cancel = (): void => {};
  #isOver = false;

  constructor(url: string, token: string, parts: LineParts) {
    this.#parts = parts;
    this.#url = url;
    this.#token = token;
    this.#awaitAnswer();
    try {
      this.#socket = new WebSocket(url, ["bearer", token]);
    } catch {
      // Only a token that could never be one can't be sent like this.
      this.#later(0, () => this.#end({ code: UNAUTHENTICATED, reason: "This is not a token." }));
      return;
    }
    this.#socket.addEventListener("message", ({ data }) => this.#hear(data));
    this.#socket.addEventListener("close", ({ code, reason }) => this.#end({ code, reason }));
  }

  /** Says something, if the connection is there; whether it arrives is known by the answer alone. */
  send(frame: object): void {
    if (!this.#isOver && this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Asks for a sign of life. */
  probe(): void {
    if (this.#isOver) return;
    this.#awaitAnswer();
    this.#parts
      .token()
      .catch(() => this.#token)
      .then((token) => this.send({ type: "authenticate", token }))
      .catch(() => this.#end({ code: BROKEN, reason: "" }));
  }

  /** Ends it from this side: `onEnd` is not called. */
  close(): void {
    this.#isOver = true;
    this.#cancel();
    this.#socket?.close(GOODBYE);
  }

  #hear(data: unknown): void {
    if (this.#isOver) return;
    this.#later(QUIET_MS, () => this.probe());
    const frame = parseFrame(data, this.#url);
    if (frame !== undefined) this.#parts.onFrame(frame);
  }

  #awaitAnswer(): void {
    // A broken network does not say goodbye either: the socket's own end may take minutes.
    this.#later(ANSWER_WITHIN_MS, () => this.#end({ code: BROKEN, reason: "The server does not answer." }));
  }

  #later(delayMs: number, callback: () => void): void {
    this.#cancel();
    this.#cancel = this.#parts.after(delayMs, callback);
  }

  #end(end: LineEnd): void {
    if (this.#isOver) return;
    this.close();
    this.#parts.onEnd(end);
  }
}
