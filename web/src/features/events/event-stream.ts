import type { ApolloCache } from "@apollo/client/cache";
import type { Client } from "graphql-ws";
import type { ErrorCode } from "../../lib/errors.js";
import type { RoomHeadSeen } from "../../lib/room-heads.js";
import { createStore, type Store } from "../../lib/store.js";
import { readCounts } from "../rooms/room.cache.js";
import { isOwnRemoval } from "../rooms/room.events.js";
import { TypingExpiry } from "../typing/typing-expiry.js";
import { AnswerOverlay } from "./answer-overlay.js";
import { applyEvent } from "./apply-event.js";
import type { ChatEvent, EventOf } from "./chat-events.graphql.js";
import {
  acceptHeads,
  acceptSnapshot,
  advance,
  findPassed,
  judge,
  resumePoints,
  streamOf,
  VIEWER_STREAM,
  without,
  type Positions,
} from "./cursors.js";
import type { Effect, Viewer } from "./effect.js";
import { EventLine, type Recovery } from "./event-line.js";
import { EventListeners, type Listening } from "./event-listeners.js";
import { EventQueue } from "./event-queue.js";

export type ConnectionState = "connecting" | "online" | "offline";

export interface EventStreamOptions {
  readonly cache: ApolloCache;
  readonly viewer: Viewer;
  readonly socket: Pick<Client, "subscribe">;
  /** The subscription's text. */
  readonly query: string;
  /** Reads the viewer's rooms afresh into the cache; answers the position of the viewer's stream before them. */
  readonly loadSnapshot: () => Promise<string>;
  readonly onEffect: (effect: Effect) => void;
  readonly onOnline: (isReturn: boolean) => void;
  readonly onUnauthenticated: () => void;
}

/** Follows everything that happens to the viewer, for ever: one subscription, resumed where it was left. */
export class EventStream {
  readonly connection: Store<ConnectionState> = createStore<ConnectionState>("connecting");
  readonly #options: EventStreamOptions;
  readonly #overlay: AnswerOverlay;
  readonly #typing: TypingExpiry;
  readonly #line: EventLine<ChatEvent>;
  readonly #queue = new EventQueue((events) => this.#show(events));
  readonly #listeners = new EventListeners();
  #positions: Positions = new Map();
  #isStarted = false;
  #wasOnline = false;
  /** Whether a subscription has gone out from these positions: from then on only the stream moves them. */
  #isFollowing = false;
  #needsSnapshot = false;
  /** The cursor after which an event was missing last. */
  #gapAfter: string | null = null;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#overlay = new AnswerOverlay({
      ...options,
      appliedSeq: (roomId) => this.#positions.get(roomId)?.seq ?? null,
      onTooOld: () => {
        this.#needsSnapshot = true;
        this.#again();
      },
    });
    this.#typing = new TypingExpiry((event) => applyEvent(options.cache, event, options.viewer));
    this.#line = new EventLine<ChatEvent>({
      prepare: () => (this.#needsSnapshot ? this.#takeSnapshot() : null),
      open: (onEvent, end) => this.#subscribe(onEvent, end),
      onEvent: (event) => this.#receive(event),
      onLost: (code) => this.#lost(code),
    });
  }

  /** Begins to follow from a snapshot that was just read. */
  start(viewerCursor: string): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#positions = advance(this.#positions, VIEWER_STREAM, { cursor: viewerCursor, seq: null });
    this.#line.start();
  }

  /** Stops for good. */
  stop(): void {
    this.#isStarted = false;
    this.#listeners.endSnapshot();
    this.#overlay.clear();
    this.#line.stop();
    this.#queue.clear();
    this.#typing.endAll();
  }

  /** Hears of each event as soon as it is applied, before anything of its batch is shown; the answer ends that. */
  listen(listener: (event: ChatEvent) => void): () => void {
    return this.#listeners.listen(listener);
  }

  /**
   * Listens to what is applied from now on.
   * @param subjectOf what an event tells of, in the listener's own words; null when it is of no interest
   */
  listenFor(subjectOf: (event: ChatEvent) => string | null): Listening {
    return this.#listeners.listenFor(subjectOf);
  }

  /** Tells of rooms in an answer: new ones are followed, older ones brought up to date by what came since. */
  acceptHeads(heads: readonly RoomHeadSeen[]): void {
    this.#positions = acceptSnapshot(this.#positions, heads, this.#isFollowing);
    if (this.#isFollowing) this.#overlay.accept(heads);
  }

  #subscribe(onEvent: (event: ChatEvent) => void, end: (error?: unknown) => void): () => void {
    const { socket, query } = this.#options;
    this.#isFollowing = true;
    return socket.subscribe<{ chatEvents: ChatEvent }>(
      { query, variables: { after: resumePoints(this.#positions) } },
      {
        next: (result) => {
          if (result.errors?.length) end(result.errors);
          else if (result.data) onEvent(result.data.chatEvents);
        },
        error: end,
        complete: () => end(),
      },
    );
  }

  #lost(code: ErrorCode): Recovery {
    this.connection.set("offline");
    this.#queue.flush();
    this.#typing.endAll();
    if (code === "UNAUTHENTICATED") {
      this.#options.onUnauthenticated();
      return "never";
    }
    if (code !== "RESYNC_REQUIRED") return "later";
    this.#needsSnapshot = true;
    return "now";
  }

  async #takeSnapshot(): Promise<void> {
    this.#listeners.beginSnapshot();
    this.#overlay.clear();
    this.#positions = new Map();
    this.#isFollowing = false;
    const cursor = await this.#options.loadSnapshot();
    this.#positions = advance(this.#positions, VIEWER_STREAM, { cursor, seq: null });
    this.#needsSnapshot = false;
    this.#listeners.endSnapshot();
  }

  /** Something of a stream is missing: asked for from where it was left, and read afresh if that brings no more. */
  #closeGap(stream: string): void {
    const held = this.#positions.get(stream)?.cursor ?? null;
    if (held === this.#gapAfter) this.#needsSnapshot = true;
    this.#gapAfter = held;
    this.#again();
  }

  #again(): void {
    this.#queue.clear();
    this.#line.reopen();
  }

  #receive(event: ChatEvent): void {
    if (event.__typename === "ChatSubscriptionReady") this.#ready(event);
    else this.#queue.push(event);
  }

  #ready({ heads }: EventOf<"ChatSubscriptionReady">): void {
    // An answer told of a room while the subscription, which did not know of it, went out and began further on.
    const passed = findPassed(this.#positions, heads);
    if (passed !== null) return this.#closeGap(passed);
    this.#positions = acceptHeads(this.#positions, heads);
    const isReturn = this.#wasOnline;
    this.#wasOnline = true;
    this.#line.up();
    this.connection.set("online");
    this.#options.onOnline(isReturn);
  }

  #show(events: readonly ChatEvent[]): void {
    if (!this.#overlay.bringUpToDate()) return;
    const { cache, onEffect } = this.#options;
    const effects: Effect[] = [];
    const gap = cache.batch({ update: () => this.#handleAll(events, effects) });
    for (const effect of effects) {
      // A room that one has come back to meanwhile is not gone.
      if (effect.kind !== "roomGone" || readCounts(cache, effect.roomId) === null) onEffect(effect);
    }
    if (gap !== null) this.#closeGap(gap);
  }

  /** Up to the first gap; answers its stream. */
  #handleAll(events: readonly ChatEvent[], effects: Effect[]): string | null {
    for (const event of events) {
      const gap = this.#handle(event, effects);
      if (gap !== null) return gap;
    }
    return null;
  }

  /** The event's stream when one before it is missing, else null. */
  #handle(event: ChatEvent, effects: Effect[]): string | null {
    const stream = streamOf(event);
    if (stream !== null && event.seq !== null && event.cursor !== null) {
      const verdict = judge(this.#positions, stream, event.seq);
      if (verdict !== "apply") return verdict === "drop" ? null : stream;
      this.#positions = advance(this.#positions, stream, { cursor: event.cursor, seq: event.seq });
      // Not at Ready: an event that fails each time comes after it, and would be asked for without a pause.
      this.#line.progress();
      // Laid over an answer after a return, the viewer's own removal would drop the room again.
      if (isOwnRemoval(event, this.#options.viewer)) this.#overlay.forgetRoom(stream);
      else if (stream !== VIEWER_STREAM) this.#overlay.remember(stream, event.seq, event);
    }
    if (event.__typename === "ChatTypingChanged") this.#typing.follow(event);
    const asked = applyEvent(this.#options.cache, event, this.#options.viewer);
    for (const effect of asked) if (effect.kind === "roomGone") this.#unfollowRoom(effect.roomId);
    if (event.__typename === "ChatRoomJoined") this.#followRoom(event);
    effects.push(...asked);
    this.#listeners.tell(event);
    return null;
  }

  /** At once, not after the flush: the room may be joined again by the next event. */
  #unfollowRoom(roomId: string): void {
    this.#positions = without(this.#positions, roomId);
    this.#overlay.forgetRoom(roomId);
  }

  /** A room that is followed already goes on from where it is: its loaded window lacks what the new head has passed. */
  #followRoom({ room }: EventOf<"ChatRoomJoined">): void {
    if (this.#positions.has(room.id)) return;
    this.#positions = acceptHeads(this.#positions, [{ roomId: room.id, cursor: room.headCursor, seq: room.headSeq }]);
  }
}
