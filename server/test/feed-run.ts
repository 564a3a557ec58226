import { DomainError } from "../platform/errors.js";
import type { UserId } from "../platform/ids.js";
import { query, sql } from "../platform/sql.js";
import type { Project, User } from "../features/directory/directory.js";
import { roomStream } from "../features/feed/stream.js";
import { deleteMessage, editMessage, sendMessage } from "../features/messages/message.actions.js";
import { addReaction, removeReaction } from "../features/reactions/reaction.actions.js";
import { markRoomRead } from "../features/receipts/receipt.actions.js";
import { addParticipant, removeParticipant } from "../features/rooms/participant.actions.js";
import { createRoom, deleteRoom, renameRoom } from "../features/rooms/room.actions.js";
import { participantsOf } from "../features/rooms/room.queries.js";
import type { RoomId } from "../features/rooms/room.js";
import type { LossyPubSub } from "./lossy-pubsub.js";
import type { RunClient } from "./run-client.js";
import { TestNode } from "./test-node.js";
import { until } from "./until.js";
import type { World } from "./world.js";

const verbs = [
  ...(["send", "edit", "delete", "react", "unreact", "read", "readTo", "add", "remove", "leave", "rename"] as const),
  ...(["found", "meet", "destroy"] as const),
] as const;
const troubles = ["burst", "drop", "resume", "pause", "unpause", "forget", "step", "check", "expire"] as const;
type Verb = (typeof verbs)[number];
type Trouble = (typeof troubles)[number];

/** All kinds of steps; what happens most is there several times. */
export const stepKinds: readonly Step["kind"][] = [...verbs, "send", "send", ...troubles];
/** Those that leave the log whole: it is what others are compared with. */
export const lastingKinds: readonly Step["kind"][] = stepKinds.filter(
  (kind) => kind !== "destroy" && kind !== "expire",
);

/** One thing that happens; who, where and to what is taken modulo what there is. */
export interface Step {
  readonly kind: Verb | Trouble;
  readonly who: number;
  readonly what: number;
}

/** How many messages everybody in the first room has heard before anything random happens. */
export const OPENING_MESSAGES = 6;

export interface RunParts<Client extends RunClient> {
  readonly world: World;
  readonly project: Project;
  readonly people: readonly User[];
  /** Those that there are at the start. */
  readonly rooms: readonly RoomId[];
  readonly pubsub: LossyPubSub;
  readonly clients: readonly Client[];
}

/** Rooms, people, a node on a broker that does not keep much, and clients that come and go. */
export class FeedRun<Client extends RunClient> {
  readonly clients: readonly Client[];
  private readonly world: World;
  private readonly people: readonly User[];
  private readonly rooms: RoomId[];
  private readonly node: TestNode;

  constructor(private readonly parts: RunParts<Client>) {
    this.clients = parts.clients;
    this.world = parts.world;
    this.people = parts.people;
    this.rooms = [...parts.rooms];
    this.node = new TestNode(parts.world, parts.pubsub);
  }

  /**
   * Everybody follows, this happens, and what was lost on the way is healed from the log.
   * @param look looks at what there is after each step, if one wants to
   */
  async play(script: readonly Step[], look?: (step: Step) => Promise<void>): Promise<void> {
    for (const client of this.clients) await this.connect(client);
    for (let place = 0; place < OPENING_MESSAGES; place += 1) await this.perform("send", { who: place % 2, what: 0 });
    await this.settle();
    for (const step of script) {
      await this.take(step);
      await look?.(step);
    }
    for (const client of this.clients) client.unpause();
    // Who was too far behind learns so only now.
    await this.settle();
    for (const client of this.clients) await this.connect(client);
    await this.settle();
  }

  /** Until every client that is connected, and reads, has everything that is committed by now. */
  async settle(): Promise<void> {
    await this.node.feed.checkMoved();
    // Who waits in vain is told by the verification what is missing.
    await until(async () => (await Promise.all(this.clients.map((client) => client.hasAll()))).every(Boolean)).catch(
      () => {},
    );
  }

  /** Everybody goes. Resolves to what stayed behind of them: nothing. */
  async close(): Promise<{ readonly hubs: number; readonly subscriptions: number }> {
    for (const client of this.clients) await client.disconnect();
    const hubs = this.node.feed.hubsOf(this.rooms.map(roomStream)).length;
    await this.node.close();
    return { hubs, subscriptions: this.parts.pubsub.subscriptions };
  }

  private async take(step: Step): Promise<void> {
    if (isVerb(step.kind)) return this.attempt(step.kind, step);
    const client = pick(this.clients, step.who);
    switch (step.kind) {
      case "burst":
        await Promise.all(
          (["send", "remove", "send", "edit"] as const).map((verb, index) =>
            this.attempt(verb, { ...step, who: step.who + index }),
          ),
        );
        return;
      case "drop":
        return client.disconnect();
      case "resume":
        return this.connect(client);
      case "pause":
        return client.pause();
      case "unpause":
        return client.unpause();
      case "forget":
        return this.forget();
      case "step":
        return this.parts.pubsub.step();
      case "check":
        return this.node.feed.checkMoved();
      case "expire":
        await query(this.world.database.fork(), sql`delete from feed_entry`);
        return;
    }
  }

  /** What is refused, as it may well be, is refused. */
  private async attempt(verb: Verb, step: Step): Promise<void> {
    await this.perform(verb, step).catch((error: unknown) => {
      if (!(error instanceof DomainError)) throw error;
    });
  }

  private async perform(verb: Verb, { who, what }: Omit<Step, "kind">): Promise<unknown> {
    const user = pick(this.people, who);
    const scope = this.node.as(user);
    const roomId = pick(this.rooms, what);
    const person = { id: pick(this.people, what).id };
    const emoji = pick(["👍", "🎉"], who);
    const project = { id: this.parts.project.id };
    switch (verb) {
      case "send":
        return sendMessage(scope, { roomId, content: `${user.username} says ${what} to ${this.named(what)}` });
      case "edit":
        return editMessage(scope, {
          messageId: await this.message(roomId, what, user.id),
          content: `edited ${who} for ${this.named(what + who)}`,
        });
      case "delete":
        return deleteMessage(scope, { messageId: await this.message(roomId, what, user.id) });
      case "react":
        return addReaction(scope, { messageId: await this.message(roomId, what), emoji });
      case "unreact":
        return removeReaction(scope, { messageId: await this.message(roomId, what), emoji });
      case "read":
        return markRoomRead(scope, { roomId });
      case "readTo":
        return markRoomRead(scope, { roomId, messageId: await this.message(roomId, what) });
      case "add":
        return addParticipant(scope, { roomId, person });
      case "remove":
        return (await this.mayShrink(roomId)) && removeParticipant(scope, { roomId, person });
      case "leave":
        return (await this.mayShrink(roomId)) && removeParticipant(scope, { roomId, person: { id: user.id } });
      case "rename":
        return renameRoom(scope, { roomId, name: `Room ${what}` });
      case "found":
        return this.enter(createRoom(scope, { type: "group", name: `Room ${what}`, project, participants: [person] }));
      case "meet":
        return this.enter(createRoom(scope, { type: "direct", project, participants: [person] }));
      case "destroy":
        return deleteRoom(scope, { roomId });
    }
  }

  /** Whom a message is for: one of the people, two, or nobody. */
  private named(what: number): string {
    const [first, second, third] = this.people.map(({ username }) => `@${username}`);
    return pick([`${second}`, `${first} and ${third}`, "nobody"], what);
  }

  /** Things happen in this room, too, from now on. */
  private async enter(creating: ReturnType<typeof createRoom>): Promise<void> {
    const { room } = await creating;
    if (!this.rooms.includes(room.id)) this.rooms.push(room.id);
  }

  /** With the last participant the room would go, and its log. */
  private async mayShrink(roomId: RoomId): Promise<boolean> {
    return (await participantsOf(this.world.database.fork(), [roomId])).length > 2;
  }

  private async message(roomId: RoomId, what: number, authorId: UserId | null = null): Promise<number> {
    const rows = await query<{ id: number }>(
      this.world.database.fork(),
      sql`select id from chat_message where room_id = ${roomId} and deleted_at is null
          and (${authorId}::int is null or user_id = ${authorId}::int) order by id`,
    );
    const nowhere = 2_000_000_000;
    return rows.length === 0 ? nowhere : pick(rows, what).id;
  }

  private async connect(client: Client): Promise<void> {
    if (client.isConnected) return;
    await client.connect(this.node.feed).catch((error: unknown) => {
      // One's single room does not exist for somebody who was removed.
      if (!(error instanceof DomainError && error.code === "NOT_FOUND")) throw error;
    });
  }

  /** The node dies and another one takes over. */
  private async forget(): Promise<void> {
    const connected = this.clients.filter((client) => client.isConnected);
    for (const client of connected) await client.disconnect();
    await this.node.restart();
    for (const client of connected) await this.connect(client);
  }
}

function isVerb(kind: Step["kind"]): kind is Verb {
  return verbs.some((verb) => verb === kind);
}

function pick<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("There is nothing to pick from.");
  return item;
}
