import { ChatError } from "./errors.ts";
import { hasPlace, isAnswer, type PlacedFrame } from "./frames.ts";
import { onReturn } from "./page.ts";
import { RoomLine, type LineEnd } from "./room-line.ts";
import { RoomOutbox } from "./room-outbox.ts";
import { addressOf, type ChatOptions } from "./settings.ts";
import { backoffMs, systemAfter, type After, type ChatParts } from "./timing.ts";
import type { AnswerFrame, ChatCommand, ChatFrame, ErrorFrame, ReadyFrame } from "./types.ts";
import { Typing } from "./typing.ts";
import type { ChatSocketEvent, ConnectionState } from "./web-socket-events.ts";

/** What to do when a connection has ended with a code of the server's; with every other one: connect again, resume. */
const endings: Readonly<Record<number, "stop" | "renew" | "resync">> = {
  4400: "stop",
  4401: "renew",
  4403: "stop",
  4404: "stop",
  4409: "resync",
};

/** One room over as many connections as it takes: nothing lost, doubled or out of order between them. */
export class RoomConnection {
  readonly #roomId: number;
  readonly #options: ChatOptions;
  readonly #after: After;
  readonly #page: unknown;
  readonly #emit: (event: ChatSocketEvent) => void;
  readonly #outbox: RoomOutbox;
  readonly #typing: Typing;
  #state: ConnectionState = "closed";
  #line: RoomLine | undefined;
  /** The one that is being dialled; whoever waits for a token and is not it any more, gives up. */
  #dialling: object | undefined;
  /** The place of the last frame that was handled, and what it is a place in. */
  #handled: { readonly seq: number; readonly epoch: string } | undefined;
  /** What the room had come to when this connection began. */
  #head = 0;
  #attempt = 0;
  #token: string | undefined;
  #refusedToken: string | undefined;
  #owesResync = true;
  #isRetired = false;
  #cancelWait = (): void => {};
  #stopListening = (): void => {};

  constructor(roomId: number, options: ChatOptions, parts: ChatParts & { emit: (event: ChatSocketEvent) => void }) {
    this.#roomId = roomId;
    this.#options = options;
    this.#after = parts.after ?? systemAfter;
    this.#page = parts.page ?? globalThis;
    this.#emit = parts.emit;
    this.#outbox = new RoomOutbox({
      after: this.#after,
      transmit: (frame) => this.#line?.send(frame),
      onEmpty: () => {
        if (this.#isRetired) this.close();
      },
    });
    this.#typing = new Typing(this.#after, (isTyping) => this.#line?.send({ type: "typing", is_typing: isTyping }));
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Connects, or goes on being heard. The app is told when to fetch the room. */
  open(): void {
    if (this.#isRetired) this.#owesResync = true;
    this.#isRetired = false;
    if (this.#state === "closed") {
      this.#stopListening = onReturn(() => this.#comeBack(), this.#page);
      this.#refusedToken = undefined;
      this.#attempt = 0;
      void this.#dial();
    } else if (this.#state === "open") this.#tellToFetch();
  }

  /** Is heard no more, and ends when everything that was said is answered. */
  retire(): void {
    this.#typing.set(false);
    this.#isRetired = true;
    if (this.#outbox.isEmpty) this.close();
  }

  /** Ends at once. What waits for its answer is given up. */
  close(): void {
    this.#stop();
    this.#startAfresh();
    this.#outbox.abandon(new ChatError({ code: "DISCONNECTED", detail: "The room was left before the answer came." }));
  }

  say(command: ChatCommand): Promise<AnswerFrame> {
    if (command.type === "message_send") this.#typing.set(false);
    return this.#outbox.say(command);
  }

  setTyping(isTyping: boolean): void {
    if (this.#state === "open") this.#typing.set(isTyping);
  }

  #tell(event: ChatSocketEvent): void {
    if (!this.#isRetired) this.#emit(event);
  }

  #become(state: ConnectionState, reason = ""): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#tell({ type: "state", state, reason });
  }

  async #dial(): Promise<void> {
    const dialling = (this.#dialling = {});
    this.#cancelWait();
    this.#become("connecting");
    try {
      const token = await this.#options.token(this.#refusedToken);
      if (this.#dialling !== dialling) return;
      this.#token = token;
      this.#line = new RoomLine(this.#url(), token, {
        after: this.#after,
        token: async () => (this.#token = await this.#options.token()),
        onFrame: (frame) => this.#hear(frame),
        onEnd: (end) => this.#ended(end),
      });
    } catch (error) {
      // There is no token to be had just now, or no address.
      if (this.#dialling === dialling) this.#dialLater(error instanceof Error ? error.message : "");
    }
  }

  #url(): string {
    const place =
      this.#handled === undefined ? { after: "" } : { after: `${this.#handled.seq}`, epoch: this.#handled.epoch };
    const url = new URL(`${addressOf(this.#options).replace(/^http/, "ws")}/ws/chat/${this.#roomId}/`);
    url.search = new URLSearchParams(place).toString();
    return url.href;
  }

  #dialLater(reason: string): void {
    this.#become("waiting", reason);
    this.#cancelWait = this.#after(backoffMs(this.#attempt), () => void this.#dial());
    this.#attempt += 1;
  }

  /** The network is back, or the page is looked at again. */
  #comeBack(): void {
    if (this.#state === "open") this.#line?.probe();
    if (this.#state !== "waiting") return;
    this.#attempt = 0;
    void this.#dial();
  }

  #hear(frame: ChatFrame): void {
    if (frame.type === "ready") return this.#begin(frame);
    if (frame.type === "error") return this.#refuse(frame);
    if (hasPlace(frame)) return this.#handle(frame);
    // A durable frame without a place is not news: it answers what had been done before.
    if (isAnswer(frame)) return this.#outbox.answer(frame);
    if (frame.type === "user_typing" || frame.type === "user_joined" || frame.type === "user_left") this.#tell(frame);
  }

  #begin({ epoch, after, seq }: ReadyFrame): void {
    this.#attempt = 0;
    this.#refusedToken = undefined;
    this.#handled ??= { seq: after, epoch };
    this.#head = seq;
    this.#become("open");
    if (this.#owesResync) this.#tellToFetch();
    this.#openOutbox();
  }

  #tellToFetch(): void {
    this.#owesResync = false;
    this.#tell({ type: "resync" });
  }

  #handle(frame: PlacedFrame): void {
    const { seq, epoch } = this.#handled ?? { seq: 0, epoch: "" };
    if (frame.seq <= seq) return;
    if (frame.seq > seq + 1) {
      // That can't be; what is missing is asked for again.
      this.#line?.close();
      return this.#ended({ code: 0, reason: "" });
    }
    this.#handled = { seq: frame.seq, epoch };
    this.#tell(frame);
    if (isAnswer(frame)) this.#outbox.answer(frame);
    this.#openOutbox();
  }

  /** What is waited for may have been done before the last connection broke: that is heard first. */
  #openOutbox(): void {
    if (this.#state === "open" && this.#handled !== undefined && this.#handled.seq >= this.#head) this.#outbox.open();
  }

  #refuse(frame: ErrorFrame): void {
    if (!this.#outbox.refuse(frame)) this.#tell(frame);
  }

  #ended(end: LineEnd): void {
    this.#line = undefined;
    this.#outbox.pause();
    this.#typing.forget();
    const ending = endings[end.code];
    if (ending === "stop") return this.#shut(end);
    if (ending === "renew") return this.#renew();
    if (ending === "resync") this.#startAfresh();
    this.#dialLater(end.reason);
  }

  #startAfresh(): void {
    this.#handled = undefined;
    this.#owesResync = true;
  }

  #shut({ code, reason }: LineEnd): void {
    this.#stop();
    this.#startAfresh();
    this.#tell({ type: "closed", code, reason });
    this.#outbox.abandon(new ChatError({ code: code === 4400 ? "BAD_USER_INPUT" : "NOT_FOUND", detail: reason }));
  }

  /** A token that has run out is followed by another; when that is refused, too, somebody has to log in. */
  #renew(): void {
    if (this.#refusedToken === undefined) {
      this.#refusedToken = this.#token ?? "";
      void this.#dial();
      return;
    }
    this.#stop();
    this.#tell({ type: "unauthenticated" });
  }

  #stop(): void {
    this.#dialling = undefined;
    this.#line?.close();
    this.#line = undefined;
    this.#cancelWait();
    this.#stopListening();
    this.#outbox.pause();
    this.#typing.forget();
    this.#become("closed");
  }
}
