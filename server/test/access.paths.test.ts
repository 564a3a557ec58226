import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { getNamedType } from "graphql";
import type { Project, User } from "../features/directory/directory.js";
import { headOf } from "../features/feed/feed.queries.js";
import { formatCursor, roomStream } from "../features/feed/stream.js";
import { deleteMessage, editMessage, sendMessage } from "../features/messages/message.actions.js";
import { addReaction, removeReaction } from "../features/reactions/reaction.actions.js";
import { addParticipant, removeParticipant } from "../features/rooms/participant.actions.js";
import { createRoom, renameRoom } from "../features/rooms/room.actions.js";
import { query, sql, type RawBuilder } from "../platform/sql.js";
import { createSchema } from "../transports/graphql/schema.js";
import { picture as makePicture } from "./files.js";
import { startGraphqlWorld, type GraphqlWorld } from "./graphql-world.js";
import { DEPTH, pathsFrom, steps, thingsIn, type Shown } from "./nested-paths.js";
import { incoming } from "./uploads.js";

/**
 * Whatever way somebody takes through the graph, from each operation down to a depth, they meet nothing that is not
 * theirs: not of a room that they are not in, though its people are in a room of theirs, and not of another project. The
 * ways are made from the schema, and what is whose is asked of the tables.
 */

const { schema } = createSchema();

/** Where each way begins: with which arguments, and what those are. */
const ROOTS: Readonly<Record<string, readonly [args: string, variables: string]>> = {
  chatViewer: ["", ""],
  chatProjects: ["", ""],
  chatRoom: ["(id: $room)", "($room: ID!)"],
  chatMessage: ["(id: $message)", "($message: ID!)"],
  chatRooms: ["(first: 5)", ""],
  chatRoomEvents: ["(roomId: $room, after: $start, first: 50)", "($room: ID!, $start: String!)"],
  searchChatMessages: ['(query: "hello", first: 5)', ""],
  _entities: ["(representations: $of)", "($of: [_Any!]!)"],
};

/** Of what a subscription alone tells: no query leads there. */
const UNLOGGED = [
  "ChatPresenceChanged.user",
  "ChatRoomRead.unread",
  "ChatSubscriptionReady.heads",
  "ChatTypingChanged.user",
  "ChatUserChanged.user",
];

interface Viewer {
  readonly user: User;
  readonly variables: Readonly<Record<string, unknown>>;
}

let graph: GraphqlWorld;
const viewers = new Map<string, Viewer>();
/** What the viewers have met: nothing would be wrong with what nobody saw. */
const met = new Set<string>();

beforeAll(async () => {
  graph = await startGraphqlWorld();
  const { world } = graph;
  const [apollo, beta] = [await world.project("apollo"), await world.project("beta")];
  // They are everywhere: from a room of the viewer's they would lead into the hidden one.
  const john = await world.person("john", apollo, beta);
  const jane = await world.person("jane", apollo, beta);
  const [dee, bob] = [await world.person("dee", beta), await world.person("bob", apollo)];
  const removed = await world.person("removed", apollo);
  await world.person("ada", apollo);
  const hidden = await fill("hidden", { project: apollo, owner: john, others: [jane, removed] });
  await removeParticipant(world.as(john), { roomId: hidden.room, person: { id: removed.id } });
  for (const [name, user, project] of [
    ["a member of another project", dee, beta],
    ["a member of the project who is not in the room", bob, apollo],
    ["somebody who was removed from the room", removed, apollo],
  ] as const) {
    const own = await fill(`hello ${user.username}`, { project, owner: john, others: [jane, user] });
    const of = [...(await representations(own.room)), ...(await representations(hidden.room))];
    const strangers = [john, jane, dee, bob, removed].map(({ hostId }) => ({ __typename: "User", id: hostId }));
    const projects = [apollo, beta].map(({ hostId }) => ({ __typename: "Project", id: hostId }));
    viewers.set(name, { user, variables: { ...own, of: [...of, ...strangers, ...projects] } });
  }
});
afterAll(() => graph.close());

/** A room in which everything has happened. */
async function fill(
  words: string,
  { project, owner, others }: { readonly project: Project; readonly owner: User; readonly others: readonly User[] },
) {
  const { world } = graph;
  const { room } = await createRoom(world.as(owner), {
    type: "group",
    name: `${words} room`,
    project: { id: project.id },
    participants: others.map(({ id }) => ({ id })),
  });
  const say = (user: User, text: string) => sendMessage(world.as(user), { roomId: room.id, content: text });
  const { id: messageId } = await say(owner, `${words} for @${others[0]?.username}`);
  await editMessage(world.as(owner), { messageId, content: `${words} again for @${others[0]?.username}` });
  for (const user of others) {
    await addReaction(world.as(user), { messageId, emoji: "👍" });
    await addReaction(world.as(user), { messageId, emoji: "🎉" });
    await removeReaction(world.as(user), { messageId, emoji: "🎉" });
  }
  const gone = await say(owner, `${words} for nobody`);
  await renameRoom(world.as(owner), { roomId: room.id, name: `${words} new room` });
  const someone = await world.person(`someone in ${room.id}`, project);
  await addParticipant(world.as(owner), { roomId: room.id, person: { id: someone.id } });
  await removeParticipant(world.as(owner), { roomId: room.id, person: { id: someone.id } });
  const picture = incoming({ name: `${words}.png`, bytes: await makePicture("png") });
  await sendMessage(world.as(owner), { roomId: room.id, content: "", attachment: picture });
  await deleteMessage(world.as(owner), { messageId: gone.id });
  const head = await headOf(world.database.fork(), roomStream(room.id));
  if (head === undefined) throw new Error("A room has no head.");
  return { room: String(room.id), message: String(messageId), start: formatCursor({ ...head, seq: 0 }) };
}

interface Identified {
  readonly id: number | string;
}

async function idsOf(statement: RawBuilder<Identified>): Promise<readonly string[]> {
  const rows = await query<Identified>(graph.world.database.fork(), statement);
  return rows.map(({ id }) => String(id));
}

/** Everything of a room by its key. */
async function representations(room: string): Promise<readonly object[]> {
  const inRoom = sql`from chat_message m where m.room_id = ${Number(room)} and m.deleted_at is null`;
  const ids = {
    ChatRoom: [room],
    ChatMessage: await idsOf(sql`select m.id ${inRoom}`),
    MessageReaction: await idsOf(sql`select id from message_reaction where message_id in (select m.id ${inRoom})`),
    ChatParticipant: await idsOf(sql`select id from chat_participant where room_id = ${Number(room)}`),
  };
  return Object.entries(ids).flatMap(([__typename, all]) => all.map((id) => ({ __typename, id })));
}

/** What a person may meet, by the tables alone. */
async function ownedBy({ id }: User): Promise<Readonly<Record<string, readonly string[]>>> {
  const rooms = sql`select room_id from chat_participant where user_id = ${id}`;
  const projects = sql`select project_id from chat_membership where user_id = ${id}`;
  const messages = sql<Identified>`select id from chat_message where room_id in (${rooms})`;
  // Who has left and what was taken back are still told of in the room's events.
  const toldOf = (what: string) => sql<Identified>`select (payload -> ${what} ->> 'id')::int as id from feed_entry
    where stream in (select 'r' || room_id from (${rooms}) r) and payload -> ${what} is not null`;
  return {
    ChatRoom: await idsOf(sql`select room_id as id from (${rooms}) r`),
    ChatRoomActivity: await idsOf(sql`select room_id as id from (${rooms}) r`),
    ChatMessage: await idsOf(messages),
    ChatParticipant: await idsOf(
      sql`select id from chat_participant where room_id in (${rooms}) union ${toldOf("participant")}`,
    ),
    MessageReaction: await idsOf(
      sql`select id from message_reaction where message_id in (${messages}) union ${toldOf("reaction")}`,
    ),
    Project: await idsOf(sql`select host_id as id from chat_project where id in (${projects})`),
    User: await idsOf(sql`select distinct u.host_id as id from chat_membership m join chat_user u on u.id = m.user_id
      where m.project_id in (${projects})`),
  };
}

/** Whether a thing is among what somebody may meet. Of host types the id alone is said back, of whomever. */
function isOwned({ __typename, ...fields }: Shown, owned: Readonly<Record<string, readonly string[]>>): boolean {
  const { id, chatUsername, chatName } = fields;
  const isIdAlone = (__typename === "User" && chatUsername === null) || (__typename === "Project" && chatName === null);
  return typeof id !== "string" || isIdAlone || owned[__typename]?.includes(id) === true;
}

const typeOfRoot = (root: string) => {
  const field = schema.getQueryType()?.getFields()[root];
  if (field === undefined) throw new Error(`There is no ${root}.`);
  return getNamedType(field.type);
};

test.each(Object.keys(ROOTS))(`from %s, down to a depth of ${DEPTH}`, async (root) => {
  const [args, declared] = ROOTS[root] ?? [];
  for (const [who, { user, variables }] of viewers) {
    const owned = await ownedBy(user);
    for (const path of pathsFrom(schema, typeOfRoot(root))) {
      const { data, errors } = await graph.ask(user, `query ${declared} { ${root}${args} ${path} }`, variables);
      expect([who, path, errors]).toEqual([who, path, []]);
      const things = [...thingsIn(data?.[root])];
      things.forEach(note);
      expect([who, path, things.filter((thing) => !isOwned(thing, owned))]).toEqual([who, path, []]);
      expect(JSON.stringify(data?.[root])).not.toContain("hidden");
    }
  }
});

/** Where a thing has led on. */
function note({ __typename, ...fields }: Shown): void {
  for (const [field, value] of Object.entries(fields))
    if (typeof value === "object" && value !== null && !(Array.isArray(value) && value.length === 0))
      met.add(`${__typename}.${field}`);
}

test("the ways begin at every query, and go through all that leads on", () => {
  const queries = Object.keys(schema.getQueryType()?.getFields() ?? {}).filter((name) => name !== "_service");
  expect(Object.keys(ROOTS).toSorted()).toEqual(queries.toSorted());
  const logged = [...steps(schema, queries.map(typeOfRoot))].filter((step) => !UNLOGGED.includes(step));
  expect([...met].toSorted()).toEqual(logged.toSorted());
});
