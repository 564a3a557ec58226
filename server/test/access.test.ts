import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { getNamedType, isInputObjectType, isObjectType, isUnionType, type GraphQLArgument } from "graphql";
import type { User } from "../features/directory/directory.js";
import { headOf } from "../features/feed/feed.queries.js";
import { formatCursor, roomStream } from "../features/feed/stream.js";
import { sendMessage } from "../features/messages/message.actions.js";
import { addReaction } from "../features/reactions/reaction.actions.js";
import { removeParticipant } from "../features/rooms/participant.actions.js";
import { participantsOf } from "../features/rooms/room.queries.js";
import type { Room } from "../features/rooms/room.js";
import { createSchema } from "../transports/graphql/schema.js";
import { hostRows, rows, type Ids, type OwnIds, type Row } from "./access.rows.js";
import { startGraphqlWorld, type GraphqlWorld } from "./graphql-world.js";
import { SERVICE_TOKEN } from "./server.js";
import { until } from "./until.js";

const { schema } = createSchema();

let graph: GraphqlWorld;
let john: User;
let hidden: Ids;
let never: Ids;
let before: unknown;
/** Each stranger with what is their own: a project, and a room in it that they own. */
const strangers = new Map<string, { readonly user: User; readonly own: OwnIds }>();
/** The tokens of those who are nobody: not even what is open to all who are logged in is open to them. */
const nobodies = new Map<string, string | undefined>();

beforeAll(async () => {
  graph = await startGraphqlWorld();
  const { world } = graph;
  const apollo = await world.project("apollo");
  john = await world.person("john", apollo);
  const jane = await world.person("jane", apollo);
  const removed = await world.person("removed", apollo);
  const room = await world.group(apollo, john, jane, removed);
  hidden = await idsOf(room, john, jane, apollo.hostId);
  const { epoch } = (await headOf(world.database.fork(), roomStream(room.id))) ?? { epoch: "" };
  await removeParticipant(world.as(john), { roomId: room.id, person: { id: removed.id } });
  const cursor = Buffer.from(`r999999:${epoch}:1`).toString("base64url");
  const lost = { room: "999999", message: "999999", reaction: "999999", participant: "999999" };
  never = { ...lost, user: "host-nobody", project: "host-nothing", cursor };
  const beta = await world.project("beta");
  for (const [name, user, project] of [
    ["a member of another project", await world.person("dee", beta), beta],
    ["a member of the project who is not in the room", await world.person("bob", apollo), apollo],
    ["somebody who was removed from the room", removed, apollo],
  ] as const) {
    const own = await world.group(project, user);
    strangers.set(name, { user, own: { room: String(own.id), project: project.hostId, user: user.hostId } });
  }
  nobodies.set("somebody without a token", undefined);
  nobodies.set("a participant whose token has expired", await graph.server.token(john, -60_000));
  before = await snapshot();
});
afterAll(() => graph.close());

async function idsOf(room: Room, author: User, user: User, project: string): Promise<Ids> {
  const { world } = graph;
  const message = await sendMessage(world.as(author), { roomId: room.id, content: "hidden words" });
  const { reaction } = await addReaction(world.as(author), { messageId: message.id, emoji: "👍" });
  const participants = await participantsOf(world.database.fork(), [room.id]);
  const head = await headOf(world.database.fork(), roomStream(room.id));
  return {
    room: String(room.id),
    message: String(message.id),
    reaction: String(reaction.id),
    participant: String(participants[0]?.id),
    user: user.hostId,
    project,
    cursor: head === undefined ? "" : formatCursor({ ...head, seq: 1 }),
  };
}

/** Everything of the room, as its owner sees it. */
async function snapshot(): Promise<unknown> {
  const { data } = await graph.ask(
    john,
    "query ($id: ID!) { chatRoom(id: $id) { name headSeq updatedAt participants { id lastReadAt } messages { nodes { content reactions { emoji } } } } }",
    { id: hidden.room },
  );
  return data;
}

/** The whole answer, with the ids of host types taken out: those are said back by design. */
async function answer(user: User, row: Row, ids: Ids, own: OwnIds): Promise<string> {
  const variables = row.variables(ids, own);
  const text = JSON.stringify(
    await (row.document.startsWith("subscription")
      ? followed(user, row, variables)
      : graph.ask(user, row.document, variables)),
  );
  return text.replaceAll(`"${ids.user}"`, '"?"').replaceAll(`"${ids.project}"`, '"?"');
}

async function followed(user: User, { document }: Row, variables: Readonly<Record<string, unknown>>) {
  const client = await graph.connect(user);
  const heard = graph.listen(client, document, variables);
  await until(() => heard.done || heard.events.length > 0, "the first event or a refusal");
  const { events, errors } = heard;
  heard.stop();
  await client.dispose();
  return { events, errors };
}

describe("to whom a room is not open, its ids are as if they had never been:", () => {
  test.each(Object.keys(rows))("%s", async (name) => {
    const row = rows[name];
    if (row === undefined) throw new Error(`${name} has no row.`);
    for (const [who, { user, own }] of strangers) {
      if (row.knownInProject === true && own.project === hidden.project) continue;
      const [real, none] = [await answer(user, row, hidden, own), await answer(user, row, never, own)];
      expect([who, real]).toEqual([who, none]);
      expect(real).not.toMatch(/hidden words|INTERNAL_SERVER_ERROR/);
    }
    const own = { room: "1", project: "p", user: "u" };
    for (const [who, token] of nobodies) {
      const [real, none] = await Promise.all(
        [hidden, never].map((ids) => graph.server.graphql(token, row.document, row.variables(ids, own))),
      );
      expect([who, real]).toEqual([who, none]);
      expect(real).toMatchObject({ status: 401, errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
      expect(real?.data ?? null).toBeNull();
    }
  });

  test.each([
    "a member of another project",
    "a member of the project who is not in the room",
    "somebody who was removed from the room",
  ])("%s gets by reference nothing of chat's own, and of the host's no more than a member knows", async (who) => {
    const stranger = strangers.get(who);
    if (stranger === undefined) throw new Error(`${who} is nobody here.`);
    const { user, own } = stranger;
    const ask = async (name: string) => {
      const row = rows[name];
      return row && (await graph.ask(user, row.document, row.variables(hidden, hidden))).data;
    };
    for (const type of ["ChatRoom", "ChatMessage", "ChatParticipant", "MessageReaction"])
      expect(await ask(`_entities.${type}`)).toEqual({ _entities: [null] });
    const isMember = own.project === hidden.project;
    const person = { chatUsername: "jane", chatDisplayName: "Jane", chatPresence: "OFFLINE" };
    const nobody = { chatUsername: null, chatDisplayName: null, chatPresence: null };
    expect(await ask("_entities.User")).toEqual({
      _entities: [{ id: hidden.user, ...(isMember ? person : nobody) }],
    });
    const project = { chatName: "apollo", chatRooms: { nodes: [{ id: own.room }] }, chatMembers: expect.anything() };
    const nothing = { chatName: null, chatRooms: null, chatMembers: null };
    expect(await ask("_entities.Project")).toEqual({
      _entities: [{ id: hidden.project, ...(isMember ? project : nothing) }],
    });
  });

  test("and none of it has changed anything", async () => {
    expect(await snapshot()).toEqual(before);
  });
});

describe("for its owner the same documents do what they say:", () => {
  test.each(Object.keys(rows))("%s", async (name) => {
    const row = rows[name];
    if (row === undefined) throw new Error(`${name} has no row.`);
    const { world } = graph;
    const apollo = await world.project(`apollo ${name}`);
    const [owner, other] = [await world.person(`owner ${name}`, apollo), await world.person(`other ${name}`, apollo)];
    const room = await world.group(apollo, owner, other);
    const ids = await idsOf(room, owner, other, apollo.hostId);
    const text = await answer(owner, row, ids, { room: ids.room, project: ids.project, user: owner.hostId });
    expect(text).not.toMatch(/"code"|\[null\]|:null\}\}|"nodes":\[\]/);
  });
});

describe("what is the host product's alone is closed to people, and what is people's to the host product:", () => {
  const codes = ({ errors }: { readonly errors: readonly { readonly extensions: object }[] }) =>
    errors.map(({ extensions }) => extensions);
  const own = { room: "1", project: "p", user: "u" };

  test.each(Object.entries(hostRows))("%s", async (_name, row) => {
    const everybody = [john, ...[...strangers.values()].map(({ user }) => user)];
    for (const user of everybody)
      for (const ids of [hidden, never])
        expect(codes(await graph.ask(user, row.document, row.variables(ids, own)))).toEqual([{ code: "FORBIDDEN" }]);
    for (const [, token] of nobodies)
      for (const ids of [hidden, never])
        expect(codes(await graph.server.graphql(token, row.document, row.variables(ids, own)))).toEqual([
          { code: "UNAUTHENTICATED" },
        ]);
    expect(await snapshot()).toEqual(before);
    const ids = { ...hidden, user: john.hostId, project: `p ${row.document}` };
    expect(codes(await graph.server.graphql(SERVICE_TOKEN, row.document, row.variables(ids, own)))).toEqual([]);
  });

  const others = Object.entries(rows).filter(([, { document }]) => !document.startsWith("subscription"));
  test.each([
    ...others,
    ["Query.chatViewer", { document: "{ chatViewer { id } }", variables: () => ({}) }],
    ["Query.chatProjects", { document: "{ chatProjects { id } }", variables: () => ({}) }],
  ] as const)("%s", async (_name, row) => {
    for (const ids of [hidden, never]) {
      const refused = codes(await graph.server.graphql(SERVICE_TOKEN, row.document, row.variables(ids, own)));
      expect(refused).toEqual([{ code: "FORBIDDEN" }]);
    }
  });

  test("the service token opens no socket", async () => {
    const heard = graph.listen(graph.server.socket(SERVICE_TOKEN), "subscription { chatEvents { __typename } }");
    await until(() => heard.done, "the refusal");
    expect(heard.events).toEqual([]);
  });
});

test("every operation that takes an id or a position has a row, and no row is about nothing", () => {
  const covered = new Set(Object.keys({ ...rows, ...hostRows }).map((name) => name.replace(/ .*/, "")));
  expect([...covered].toSorted()).toEqual([...operationsWithIds()].toSorted());
});

function operationsWithIds(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("_")) continue;
    for (const field of Object.values(type.getFields())) {
      if (!field.name.startsWith("_") && field.args.some(namesSomething)) found.add(`${type.name}.${field.name}`);
    }
  }
  const entities = schema.getType("_Entity");
  if (!isUnionType(entities)) throw new Error("There are no entities.");
  for (const { name } of entities.getTypes()) found.add(`_entities.${name}`);
  return found;
}

/** Whether an argument is, or has in it, an id or the position of an event. Cursors of pages are places, and name nothing. */
function namesSomething({ name, type }: Pick<GraphQLArgument, "name" | "type">): boolean {
  const named = getNamedType(type);
  if (isInputObjectType(named)) return Object.values(named.getFields()).some(namesSomething);
  const isPosition = name === "after" && String(type) !== "String";
  return named.name === "ID" ? name !== "clientMutationId" : isPosition;
}
