import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execute, getOperationAST, parse, type ExecutionResult } from "graphql";
import * as bench from "../../bench/documents.js";
import type { User } from "../../features/directory/directory.js";
import { sendMessage } from "../../features/messages/message.actions.js";
import { addReaction } from "../../features/reactions/reaction.actions.js";
import type { Room } from "../../features/rooms/room.js";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import { createCompiledQueries, type KnownOperation } from "./compiled.js";
import { GraphqlOperation } from "./context.js";
import { createErrorFormatter } from "./errors.js";
import { createSchema } from "./schema.js";

const { schema } = createSchema();
let graph: GraphqlWorld;
let john: User;
let room: Room;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  const project = await graph.world.project("apollo");
  john = await graph.world.person("john", project);
  const jane = await graph.world.person("jane", project);
  room = await graph.world.group(project, john, jane);
  for (const content of ["Hello @jane", "How are you?", "Fine."]) {
    const { id } = await sendMessage(graph.world.as(john), { roomId: room.id, content });
    for (const person of [john, jane])
      await addReaction(graph.world.as(person), { messageId: String(id), emoji: "🎉" });
  }
});
afterAll(() => graph.close());

const operation = (): GraphqlOperation => new GraphqlOperation(john, graph.world);

function known(text: string, variables: Record<string, unknown> = {}): KnownOperation {
  const document = parse(text);
  return { document, operation: getOperationAST(document) ?? undefined, variables };
}

/** What a client sees of it. */
function shown({ data, errors }: ExecutionResult) {
  return JSON.parse(JSON.stringify({ data, errors: errors?.map(createErrorFormatter(graph.world.services.logger)) }));
}

const roomOf = () => ({
  roomId: String(room.id),
  absent: "99999",
  them: [{ __typename: "ChatRoom", id: String(room.id) }],
});
const ROOM = "query Room($roomId: ID!, $absent: ID, $no: Boolean = false)";

describe("an answer of compiled code is the same, errors too", () => {
  test.each([
    ["a page of history", bench.HISTORY],
    ["the list of rooms", bench.ROOMS],
    [
      "fragments, aliases and what is left out",
      `${ROOM} { a: chatRoom(id: $roomId) { ...R ... @skip(if: $no) { type } participants @include(if: $no) { id } } }
       fragment R on ChatRoom { name messages(first: 2) { nodes { content mentions { chatUsername } room { id } } pageInfo { endCursor hasNextPage } } }`,
    ],
    ["what is not there", `${ROOM} { chatRoom(id: $absent) { id } chatMessage(id: $absent) { id } chatViewer { id } }`],
    [
      "a field that fails beside others",
      `${ROOM} { chatRoom(id: $roomId) { id messages(after: "none") { nodes { id } } } chatViewer { chatDisplayName } }`,
    ],
    [
      "a field that fails in a list",
      `${ROOM} { chatRoom(id: $roomId) { messages(last: 1) { nodes { id reactionGroups { users(first: 0) { id } } } } } }`,
    ],
    ["what the schema says of itself", `{ __schema { queryType { fields { name } } } __typename }`],
    [
      "another service's look at a room",
      "query ($them: [_Any!]!) { _entities(representations: $them) { ... on ChatRoom { name } } }",
    ],
  ])("%s", async (_what, text) => {
    const asked = known(text, roomOf());
    const answer = await createCompiledQueries(schema, 1).execute(asked, operation());
    const { document, variables: variableValues } = asked;
    const ever = await execute({ schema, document, variableValues, contextValue: operation() });
    expect(answer && shown(answer)).toEqual(shown(ever));
  });
});

test("what comes seldom, changes something, is unclear or has several faults is left to graphql-js", async () => {
  const queries = createCompiledQueries(schema, 2);
  const left = async (asked: KnownOperation) => (await queries.execute(asked, operation())) === undefined;
  const viewer = known("{ chatViewer { id } }");
  expect([await left(viewer), await left(viewer), await left(viewer)]).toEqual([true, false, false]);
  for (const asked of [
    known(bench.SEND, { input: { roomId: String(room.id), content: "once" } }),
    known("query A { chatViewer { id } } query B { chatViewer { id } }"),
    known("query ($id: ID!) { chatRoom(id: $id) { id } }", { id: { a: 1 } }),
    known(
      'query ($id: ID!) { _entities(representations: [{ __typename: "ChatRoom", id: $id }]) { ... on ChatRoom { name } } }',
      { id: String(room.id) },
    ),
    known(
      `query ($id: ID!) { chatRoom(id: $id) { messages(last: 2) { nodes { reactionGroups { users(first: 0) { id } } } } } }`,
      { id: String(room.id) },
    ),
  ])
    expect([await left(asked), await left(asked), await left(asked)]).toEqual([true, true, true]);
});

test("of more than a hundred, the one that was not asked for longest has to come often again", async () => {
  const queries = createCompiledQueries(schema, 2);
  const left = async (asked: KnownOperation) => (await queries.execute(asked, operation())) === undefined;
  const viewer = known("{ chatViewer { id } }");
  expect([await left(viewer), await left(viewer)]).toEqual([true, false]);
  for (let n = 0; n < 100; n += 1) {
    const other = known(`{ a${n}: chatViewer { id } }`);
    expect([await left(other), await left(other)]).toEqual([true, false]);
  }
  expect([await left(viewer), await left(viewer)]).toEqual([true, false]);
});

test("over HTTP nobody sees from which time on a query is compiled", async () => {
  const document =
    "query ($id: ID!) { chatRoom(id: $id) { name } chatRooms(first: 0) { nodes { id } } chatViewer { id } }";
  const first = await graph.ask(john, document, { id: String(room.id) });
  expect(first.errors.map(({ extensions }) => extensions)).toEqual([{ code: "BAD_USER_INPUT", field: "first" }]);
  for (let time = 0; time < 25; time += 1)
    expect(await graph.ask(john, document, { id: String(room.id) })).toEqual(first);
});
