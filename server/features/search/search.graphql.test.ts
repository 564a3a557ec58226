import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import type { User } from "../directory/directory.js";
import { sendMessage } from "../messages/message.actions.js";

let graph: GraphqlWorld;
let john: User;
let roomId: string;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  const { world } = graph;
  const project = await world.project("apollo");
  john = await world.person("john", project);
  const room = await world.group(project, john);
  roomId = String(room.id);
  for (const content of ["The café is open", "<b>cafeteria</b>", "Nothing"])
    await sendMessage(world.as(john), { roomId: room.id, content });
});
afterAll(() => graph.close());

const SEARCH = `query ($query: String!, $first: Int, $after: String) {
  searchChatMessages(query: $query, first: $first, after: $after) {
    edges { cursor highlights { text isMatch } nameHighlights { text isMatch } node { content room { id } user { chatDisplayName } } }
    nodes { content }
    pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
const search = (variables: Record<string, unknown>) => graph.ask(john, SEARCH, variables);

test("an answer says what was found, where, and by whom", async () => {
  const { data, errors } = await search({ query: "cafe" });
  expect(errors).toEqual([]);
  const node = { room: { id: roomId }, user: { chatDisplayName: "John" } };
  const cursor = expect.any(String);
  expect(data).toEqual({
    searchChatMessages: {
      edges: [
        {
          cursor,
          highlights: [
            { text: "The ", isMatch: false },
            { text: "café", isMatch: true },
            { text: " is open", isMatch: false },
          ],
          nameHighlights: [],
          node: { content: "The café is open", ...node },
        },
        {
          cursor,
          highlights: [
            { text: "<b>", isMatch: false },
            { text: "cafe", isMatch: true },
            { text: "teria</b>", isMatch: false },
          ],
          nameHighlights: [],
          node: { content: "<b>cafeteria</b>", ...node },
        },
      ],
      nodes: [{ content: "The café is open" }, { content: "<b>cafeteria</b>" }],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, endCursor: cursor },
    },
  });
});

test.each([
  ["an empty query", { query: " " }, "query"],
  ["a filter's value that can't be", { query: "has:cheese" }, "query"],
  ["a page of nothing", { query: "cafe", first: 0 }, "first"],
  ["a page that is too long", { query: "cafe", first: 101 }, "first"],
  ["a cursor that is none", { query: "cafe", after: "x" }, "after"],
  ["a cursor of another list", { query: "cafe", after: Buffer.from("[7]").toString("base64url") }, "after"],
  ["a cursor of no such kind", { query: "cafe", after: Buffer.from("[3,1]").toString("base64url") }, "after"],
  ["a cursor of no such message", { query: "cafe", after: Buffer.from("[0,1.5]").toString("base64url") }, "after"],
])("%s is refused, and the answer says which argument", async (_what, variables, field) => {
  const { errors } = await search(variables);
  expect(errors).toEqual([
    expect.objectContaining({ extensions: expect.objectContaining({ code: "BAD_USER_INPUT", field }) }),
  ]);
});
