import type { Project, User } from "../../features/directory/directory.js";
import { headOf } from "../../features/feed/feed.queries.js";
import { formatCursor, roomStream } from "../../features/feed/stream.js";
import { sendMessage } from "../../features/messages/message.actions.js";
import type { Message } from "../../features/messages/message.js";
import { addReaction } from "../../features/reactions/reaction.actions.js";
import { removeParticipant } from "../../features/rooms/participant.actions.js";
import { createRoom } from "../../features/rooms/room.actions.js";
import type { Room } from "../../features/rooms/room.js";
import { SERVICE_TOKEN, type TestServer } from "../server.js";
import type { World } from "../world.js";
import {
  transports,
  type Answer,
  type Client,
  type Input,
  type RestVerb,
  type SocketVerb,
  type Speaker,
  type Transport,
  type Verb,
} from "./client.js";
import { graphqlClient } from "./graphql-client.js";
import { restClient } from "./rest-client.js";
import { socketClient } from "./socket-client.js";

const names = ["john", "jane", "bob", "alice", "dee", "gone"] as const;
export type Name = (typeof names)[number];
/** Somebody of the cast, the host product, somebody without a token, or with one that has run out. */
export type Who = Name | "host" | "nobody" | "expired";

/**
 * Where a scenario plays, its own from the people to the messages. John owns the room, in which Jane and Bob are; Gone was
 * in it once. Alice is of the project and not in the room; Dee is of another project.
 */
export interface Stage {
  readonly people: Readonly<Record<Name, User>>;
  readonly project: Project;
  readonly other: Project;
  readonly room: Room;
  /** John's and Jane's. */
  readonly direct: Room;
  /** John's and Jane's, too. */
  readonly elsewhere: Room;
  /** John's message in the room, with a reaction of his own (🎉) and one of Bob's (👍). */
  readonly mine: Message;
  readonly theirs: Message;
  /** John's message elsewhere. */
  readonly far: Message;
  /** The room's beginning, and where it stands when the scenario begins. */
  readonly start: string;
  readonly head: string;
  readonly headSeq: number;
}

/** What never was, by each id that a transport may show of it. */
export const never = { id: 888_888, hostId: "host-never" };

let stages = 0;

export async function setStage(world: World): Promise<Stage> {
  stages += 1;
  const [project, other] = [await world.project(`apollo${stages}`), await world.project(`beta${stages}`)];
  const person = (name: Name) => world.person(`${name}${stages}`, name === "dee" ? other : project);
  const people = {
    john: await person("john"),
    jane: await person("jane"),
    bob: await person("bob"),
    alice: await person("alice"),
    dee: await person("dee"),
    gone: await person("gone"),
  };
  const { john, jane, bob, gone } = people;
  const room = await world.group(project, john, jane, bob, gone);
  const elsewhere = await world.group(project, john, jane);
  const { room: direct } = await createRoom(world.as(john), {
    type: "direct",
    project: { id: project.id },
    participants: [{ id: jane.id }],
  });
  const say = (user: User, where: Room, content: string) => sendMessage(world.as(user), { roomId: where.id, content });
  const [mine, theirs] = [await say(john, room, "Hello from here!"), await say(jane, room, "Hello, too.")];
  await addReaction(world.as(john), { messageId: mine.id, emoji: "🎉" });
  await addReaction(world.as(bob), { messageId: mine.id, emoji: "👍" });
  await removeParticipant(world.as(john), { roomId: room.id, person: { id: gone.id } });
  const far = await say(john, elsewhere, "Far away.");
  const head = await headOf(world.database.fork(), roomStream(room.id));
  if (head === undefined) throw new Error("A room has no head.");
  const [start, now] = [formatCursor({ ...head, seq: 0 }), formatCursor(head)];
  return { people, project, other, room, direct, elsewhere, mine, theirs, far, start, head: now, headSeq: head.seq };
}

/** The clients of somebody on a stage. */
export interface Clients {
  readonly graphql: Client;
  readonly rest: Client<RestVerb>;
  readonly socket: Client<SocketVerb>;
}

export async function clientsOf(server: TestServer, stage: Stage, who: Who): Promise<Clients> {
  const { project, other } = stage;
  const speaker: Speaker = {
    url: server.url,
    token: await tokenOf(server, stage, who),
    projects: [project, other],
    people: Object.values(stage.people),
  };
  return { graphql: graphqlClient(speaker), rest: restClient(speaker), socket: socketClient(speaker) };
}

/** How a transport does something; undefined where it can't. */
export function way(
  clients: Clients,
  transport: Transport,
  verb: Verb,
): ((input: Input) => Promise<Answer>) | undefined {
  const client: Partial<Client> = clients[transport];
  return client[verb];
}

/** What every transport that has the verb answers. */
export async function answers(clients: Clients, verb: Verb, input: Input): Promise<Partial<Record<Transport, Answer>>> {
  const given: Partial<Record<Transport, Answer>> = {};
  for (const transport of transports) {
    const answer = await way(clients, transport, verb)?.(input);
    if (answer !== undefined) given[transport] = answer;
  }
  return given;
}

async function tokenOf(server: TestServer, { people }: Stage, who: Who): Promise<string | undefined> {
  if (who === "nobody") return undefined;
  if (who === "host") return SERVICE_TOKEN;
  return who === "expired" ? server.token(people.john, -60_000) : server.token(people[who]);
}

/**
 * The same with what is different on every stage left out: numbers, times and whose turn the people's names are. What is
 * the same thing in two places stays the same in both.
 */
export function withoutNames(value: unknown): unknown {
  const seen = new Map<string, string>();
  const text = JSON.stringify(value)
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, "a time")
    .replace(new RegExp(`\\b(${names.join("|")})\\d+\\b`, "gi"), "$1")
    .replace(/\b(room|message|reaction|participant|project):(\d+)\b/g, (id, kind: string) => {
      const known = seen.get(id) ?? `${kind} ${String.fromCharCode(97 + seen.size)}`;
      seen.set(id, known);
      return known;
    });
  return JSON.parse(text);
}
