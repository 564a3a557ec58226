import type { ApolloCache } from "@apollo/client/cache";
import type { Client } from "graphql-ws";
import { backoffMs } from "../../lib/backoff.js";
import { toFailure } from "../../lib/errors.js";
import type { RoomHeadSeen } from "../../lib/room-heads.js";
import { CLOSE_UNAUTHENTICATED } from "../../lib/socket.js";
import { createStore, type Store } from "../../lib/store.js";
import { readCounts } from "../rooms/room.cache.js";
import { TypingExpiry } from "../typing/typing-expiry.js";
import { applyEvent } from "./apply-event.js";
import type { ChatEvent, EventOf } from "./chat-events.graphql.js";
import {
  acceptHeads,
  acceptSnapshot,
  advance,
  judge,
  resumePoints,
  streamOf,
  VIEWER_STREAM,
  without,
  type Positions,
} from "./cursors.js";
import type { Effect, Viewer } from "./effect.js";
import { RecentEvents } from "./recent-events.js";

/** How long events are gathered before they reach the screen together. */
const FLUSH_MS = 40;

const UNAUTHENTICATED = { code: "UNAUTHENTICATED" } as const;

function closeCodeOf(error: unknown): number | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "number" ? error.code : null;
}

function firstOf(error: unknown): unknown {
  return Array.isArray(error) ? error[0] : error;
}

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
  readonly #recent = new RecentEvents();
  readonly #typing: TypingExpiry;
  #positions: Positions = new Map();
  #queue: ChatEvent[] = [];
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #unsubscribe: (() => void) | null = null;
  #attempt = 0;
  #isStarted = false;
  #wasOnline = false;
  #needsSnapshot = false;
  #isLoading = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#typing = new TypingExpiry((event) => applyEvent(options.cache, event, options.viewer));
  }

  /** Begins to follow from a snapshot that was just read. */
  start(viewerCursor: string): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#positions = advance(this.#positions, VIEWER_STREAM, { cursor: viewerCursor, seq: null });
    window.addEventListener("online", this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
    this.#connect();
  }

  /** Stops for good. */
  stop(): void {
    this.#isStarted = false;
    window.removeEventListener("online", this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#flushTimer);
    this.#drop();
    this.#typing.endAll();
  }

  /** Tells of rooms in an answer: new ones are followed, older ones brought up to date by what came since. */
  acceptHeads(heads: readonly RoomHeadSeen[]): void {
    this.#positions = acceptSnapshot(this.#positions, heads, this.#wasOnline);
    // A task later the answer is in the cache.
    if (this.#wasOnline) setTimeout(() => this.#replay(heads), 0);
  }

  #replay(heads: readonly RoomHeadSeen[]): void {
    const { cache, viewer } = this.#options;
    for (const { roomId, seq } of heads) {
      const lastSeq = this.#positions.get(roomId)?.seq ?? seq;
      const events = this.#recent.after(roomId, seq, lastSeq);
      if (events === null) return this.#resync();
      // Their effects were carried out when they first came.
      cache.batch({ update: () => events.forEach((event) => applyEvent(cache, event, viewer)) });
    }
  }

  #wake = (): void => {
    if (this.#unsubscribe || document.visibilityState === "hidden") return;
    clearTimeout(this.#retryTimer);
    this.#attempt = 0;
    void this.#retry();
  };

  #connect(): void {
    if (!this.#isStarted) return;
    const { socket, query } = this.#options;
    let isOver = false;
    const end = (error?: unknown): void => {
      if (isOver) return;
      isOver = true;
      // An event that came with errors does not end the subscription by itself.
      this.#drop();
      this.#lost(error);
    };
    const dispose = socket.subscribe<{ chatEvents: ChatEvent }>(
      { query, variables: { after: resumePoints(this.#positions) } },
      {
        next: (result) => {
          if (result.errors?.length) return end(result.errors);
          if (result.data && !isOver) this.#receive(result.data.chatEvents);
        },
        error: end,
        complete: () => end(),
      },
    );
    this.#unsubscribe = () => {
      isOver = true;
      dispose();
    };
  }

  #drop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  #lost(error: unknown): void {
    if (!this.#isStarted) return;
    this.#flush();
    this.#typing.endAll();
    this.connection.set("offline");
    const { code } = closeCodeOf(error) === CLOSE_UNAUTHENTICATED ? UNAUTHENTICATED : toFailure(firstOf(error));
    if (code === "UNAUTHENTICATED") return this.#options.onUnauthenticated();
    if (code === "RESYNC_REQUIRED") this.#needsSnapshot = true;
    const waitMs = code === "RESYNC_REQUIRED" && this.#attempt === 0 ? 0 : backoffMs(this.#attempt);
    this.#attempt += 1;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => void this.#retry(), waitMs);
  }

  async #retry(): Promise<void> {
    if (this.#unsubscribe || this.#isLoading || !this.#isStarted) return;
    if (!this.#needsSnapshot) return this.#connect();
    this.#isLoading = true;
    try {
      await this.#takeSnapshot();
    } catch (error) {
      return this.#lost(error);
    } finally {
      this.#isLoading = false;
    }
    this.#connect();
  }

  async #takeSnapshot(): Promise<void> {
    this.#recent.clear();
    this.#positions = new Map();
    this.#wasOnline = false;
    const cursor = await this.#options.loadSnapshot();
    this.#positions = advance(this.#positions, VIEWER_STREAM, { cursor, seq: null });
    this.#needsSnapshot = false;
  }

  /** A gap, or an answer too old to be brought up to date: everything afresh. */
  #resync(): void {
    this.#drop();
    this.#queue = [];
    this.#needsSnapshot = true;
    void this.#retry();
  }

  #receive(event: ChatEvent): void {
    if (event.__typename === "ChatSubscriptionReady") return this.#ready(event);
    this.#queue.push(event);
    this.#flushTimer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  #ready(event: EventOf<"ChatSubscriptionReady">): void {
    this.#positions = acceptHeads(this.#positions, event.heads);
    const isReturn = this.#wasOnline;
    this.#wasOnline = true;
    this.connection.set("online");
    this.#options.onOnline(isReturn);
  }

  #flush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    const events = this.#queue;
    this.#queue = [];
    const { cache, onEffect } = this.#options;
    const effects: Effect[] = [];
    const isWhole = cache.batch({ update: () => events.every((event) => this.#handle(event, effects)) });
    for (const effect of effects) {
      // A room that one has come back to meanwhile is not gone.
      if (effect.kind !== "roomGone" || readCounts(cache, effect.roomId) === null) onEffect(effect);
    }
    if (!isWhole) this.#resync();
  }

  /** False when an event before this one is missing. */
  #handle(event: ChatEvent, effects: Effect[]): boolean {
    const stream = streamOf(event);
    if (stream !== null && event.seq !== null && event.cursor !== null) {
      const verdict = judge(this.#positions, stream, event.seq);
      if (verdict !== "apply") return verdict === "drop";
      this.#positions = advance(this.#positions, stream, { cursor: event.cursor, seq: event.seq });
      // Not at Ready: an event that fails each time comes after it, and would be asked for without a pause.
      this.#attempt = 0;
      if (stream !== VIEWER_STREAM) this.#recent.remember(stream, event.seq, event);
    }
    if (event.__typename === "ChatTypingChanged") this.#typing.follow(event);
    const asked = applyEvent(this.#options.cache, event, this.#options.viewer);
    for (const effect of asked) if (effect.kind === "roomGone") this.#unfollowRoom(effect.roomId);
    if (event.__typename === "ChatRoomJoined") this.#followRoom(event);
    effects.push(...asked);
    return true;
  }

  /** At once, not after the flush: the room may be joined again by the next event. */
  #unfollowRoom(roomId: string): void {
    this.#positions = without(this.#positions, roomId);
    // Laid over an answer after a return, the viewer's own removal would drop the room again.
    this.#recent.forget(roomId);
  }

  /** A room that is followed already goes on from where it is: its loaded window lacks what the new head has passed. */
  #followRoom({ room }: EventOf<"ChatRoomJoined">): void {
    if (this.#positions.has(room.id)) return;
    this.#positions = acceptHeads(this.#positions, [{ roomId: room.id, cursor: room.headCursor, seq: room.headSeq }]);
  }
}
