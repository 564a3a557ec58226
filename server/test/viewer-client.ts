import { execute, parse, subscribe, type DocumentNode, type ExecutionResult, type GraphQLSchema } from "graphql";
import { z } from "zod";
import type { User } from "../features/directory/directory.js";
import type { Feed } from "../features/feed/feed.node.js";
import { parseCursor, roomStream, type StreamId } from "../features/feed/stream.js";
import { viewerHeads } from "../features/rooms/room.queries.js";
import type { RoomId } from "../features/rooms/room.js";
import { DomainError } from "../platform/errors.js";
import { parseId } from "../platform/ids.js";
import { GraphqlOperation } from "../transports/graphql/context.js";
import { EVENTS, parseEvents, parseSnapshot, SNAPSHOT } from "./feed-documents.js";
import { applyEvent, isOwnEnd, type Event, type State } from "./feed-state.js";
import { Gate, type RunClient } from "./run-client.js";
import type { World } from "./world.js";

const snapshotDocument = parse(SNAPSHOT);
const eventsDocument = parse(EVENTS);

/** How far a stream was handled. */
interface Held {
  readonly cursor: string;
  readonly seq: number;
}

const EVENT_DATA = z.record(z.string(), z.record(z.string(), z.unknown()));
const JOINED_ROOM = z.object({ id: z.string(), headCursor: z.string() });
const READ_EVENT = z.object({ roomId: z.string(), unread: z.object({ headSeq: z.number() }).nullable() });

/**
 * A client as the documentation asks for one: it reads a snapshot once, and from then on knows its rooms by the events of
 * `chatEvents` alone, each handled once and in order, however often it has to subscribe again.
 */
export class ViewerClient implements RunClient {
  failure: unknown;
  state: State = { rooms: {}, typing: [] };
  /** How many numbered events it has applied. */
  applied = 0;
  private held = new Map<StreamId, Held>();
  /** Rooms whose counts the server must be asked for: those that it told were older than what was known. */
  private readonly uncounted = new Set<string>();
  private readonly gate = new Gate();
  private hasStarted = false;
  private stop: (() => Promise<unknown>) | undefined;
  private reading = Promise.resolve();

  constructor(
    private readonly world: World,
    private readonly schema: GraphQLSchema,
    private readonly viewer: User,
  ) {}

  get viewerHostId(): string {
    return this.viewer.hostId;
  }

  get viewerId(): User["id"] {
    return this.viewer.id;
  }

  get isConnected(): boolean {
    return this.stop !== undefined;
  }

  /** It should show what a fresh snapshot shows now. */
  get isCurrent(): boolean {
    return this.isConnected && !this.gate.isShut;
  }

  pause(): void {
    this.gate.shut();
  }

  unpause(): void {
    this.gate.open();
  }

  async connect(feed: Feed): Promise<void> {
    if (!this.hasStarted) await this.start(feed);
    let events = await this.follow(feed);
    if (events === "resync") {
      await this.start(feed);
      events = await this.follow(feed);
    }
    if (events === "resync") throw new Error("A fresh snapshot could not be followed.");
    const going = events;
    this.stop = () => going.return(undefined);
    this.reading = this.read(going).catch((error: unknown) => this.fail(error));
  }

  /** Subscribes after what it holds, or learns that this can't be resumed. */
  private async follow(feed: Feed): Promise<AsyncGenerator<ExecutionResult, void> | "resync"> {
    const after = [...this.held.values()].map(({ cursor }) => cursor);
    const events = await subscribe({ ...this.operation(feed, eventsDocument), variableValues: { after } });
    if (!(Symbol.asyncIterator in events)) {
      if (events.errors?.some(({ originalError }) => needsResync(originalError)) === true) return "resync";
      throw new Error(`Could not subscribe: ${JSON.stringify(events.errors)}`);
    }
    const first = eventOf((await events.next()).value ?? {});
    if (first.__typename !== "ChatSubscriptionReady") throw new Error("The first event was not Ready.");
    return events;
  }

  /** Who is so far behind that the log has no more of it is away, and starts afresh when they come back. */
  private fail(error: unknown): void {
    if (!needsResync(error)) this.failure = error;
    this.hasStarted = false;
    this.stop = undefined;
  }

  async disconnect(): Promise<void> {
    const ended = this.stop?.();
    this.unpause();
    await Promise.all([ended, this.reading]);
    this.stop = undefined;
  }

  async hasAll(): Promise<boolean> {
    if (this.failure !== undefined || !this.isCurrent) return true;
    const heads = await viewerHeads(this.world.database.fork(), this.viewerId);
    // A room that was left is known to be left when one's own stream is read to its end.
    return heads.every(({ stream, seq }) => (this.held.get(stream)?.seq ?? -1) >= seq);
  }

  /** What a client that starts now would show. */
  async fresh(feed: Feed): Promise<State> {
    return (await this.snapshot(feed)).state;
  }

  /** Asks for counts that the events alone don't tell, as the web client does. */
  async recount(feed: Feed): Promise<void> {
    if (this.uncounted.size === 0) return;
    const { state } = await this.snapshot(feed);
    for (const id of this.uncounted) {
      const [known, now] = [this.state.rooms[id], state.rooms[id]];
      if (known === undefined || now === undefined) continue;
      if (known.headSeq !== now.headSeq) throw new Error("Counted before everything was heard.");
      const { unreadCount, unreadMentionCount } = now;
      this.state = {
        ...this.state,
        rooms: { ...this.state.rooms, [id]: { ...known, unreadCount, unreadMentionCount } },
      };
    }
    this.uncounted.clear();
  }

  private async start(feed: Feed): Promise<void> {
    const { state, cursors } = await this.snapshot(feed);
    this.hasStarted = true;
    this.state = state;
    this.uncounted.clear();
    this.held.clear();
    for (const cursor of cursors) this.hold(cursor);
  }

  private async snapshot(feed: Feed) {
    const { data, errors } = await execute(this.operation(feed, snapshotDocument));
    if (errors !== undefined) throw new Error(`No snapshot: ${JSON.stringify(errors)}`);
    return parseSnapshot(asReceived(data));
  }

  private operation(feed: Feed, document: DocumentNode) {
    const { database, services } = this.world;
    return {
      schema: this.schema,
      document,
      contextValue: new GraphqlOperation({ ...this.viewer }, { database, services, feed }),
    };
  }

  private hold(cursor: string): void {
    const { stream, seq } = parseCursor(cursor);
    this.held.set(stream, { cursor, seq });
  }

  private async read(events: AsyncGenerator<ExecutionResult, void>): Promise<void> {
    for (;;) {
      await this.gate.opened;
      const { done, value } = await events.next();
      if (done === true) return;
      this.handle(eventOf(value));
    }
  }

  private handle(event: Event): void {
    const cursor = typeof event["cursor"] === "string" ? event["cursor"] : undefined;
    const position = cursor === undefined ? undefined : parseCursor(cursor);
    if (cursor !== undefined && position !== undefined) {
      const last = this.held.get(position.stream)?.seq ?? position.seq - 1;
      if (position.seq <= last) return;
      if (position.seq > last + 1) throw new Error(`${position.stream} went from ${last} to ${position.seq}.`);
      this.held.set(position.stream, { cursor, seq: position.seq });
      this.applied += 1;
    }
    this.noteCounts(event);
    const before = this.state;
    const hasEnded = isOwnEnd(before, event, this.viewer.hostId);
    this.state = applyEvent(before, event, this.viewer.hostId);
    if (position !== undefined && hasEnded) this.held.delete(position.stream);
    this.followRooms(event);
  }

  /** Rooms come and go by what one's own stream says. */
  private followRooms(event: Event): void {
    if (event.__typename === "ChatRoomLeft") this.held.delete(streamOf(String(event["roomId"])));
    if (event.__typename !== "ChatRoomJoined") return;
    const { id, headCursor } = JOINED_ROOM.parse(event["room"]);
    // One that is followed already goes on from where it is.
    if (!this.held.has(streamOf(id))) this.hold(headCursor);
  }

  private noteCounts(event: Event): void {
    if (event.__typename !== "ChatRoomRead") return;
    const { roomId, unread } = READ_EVENT.parse(event);
    if (unread === null) return;
    if (unread.headSeq < (this.state.rooms[roomId]?.headSeq ?? 0)) this.uncounted.add(roomId);
    else this.uncounted.delete(roomId);
  }
}

function needsResync(error: unknown): boolean {
  return error instanceof DomainError && error.code === "RESYNC_REQUIRED";
}

/** As a client gets it: before that, times are none of JSON's. */
function asReceived(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data));
}

function streamOf(roomId: string): StreamId {
  const id = parseId<RoomId>(roomId);
  if (id === undefined) throw new Error(`${roomId} is no room.`);
  return roomStream(id);
}

function eventOf({ data, errors }: ExecutionResult): Event {
  const [event] = parseEvents(Object.values(EVENT_DATA.parse(asReceived(data ?? {}))));
  if (event === undefined || errors !== undefined) throw new Error(`No event: ${JSON.stringify(errors)}`);
  return event;
}
