import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import type { Project, User } from "../../features/directory/directory.js";
import { deleteMessage, sendMessage } from "../../features/messages/message.actions.js";
import { createRoom } from "../../features/rooms/room.actions.js";
import type { Room } from "../../features/rooms/room.js";

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let room: Room;
/** The ids of the room's messages, oldest first; the fourth was deleted. */
let ids: string[];
beforeAll(async () => {
  graph = await startGraphqlWorld();
  const { world } = graph;
  project = await world.project("apollo");
  john = await world.person("john", project);
  jane = await world.person("jane", project);
  room = await world.group(project, john, jane);
  const sent = [];
  for (let index = 0; index < 12; index += 1)
    sent.push(await sendMessage(world.as(john), { roomId: room.id, content: `message ${index}` }));
  await deleteMessage(world.as(john), { messageId: sent[3]?.id ?? 0 });
  ids = sent.map(({ id }) => String(id)).toSpliced(3, 1);
});
afterAll(() => graph.close());

const connection = z.object({
  edges: z.array(z.object({ cursor: z.string(), node: z.object({ id: z.string() }) })),
  nodes: z.array(z.object({ id: z.string() })),
  pageInfo: z.object({
    hasNextPage: z.boolean(),
    hasPreviousPage: z.boolean(),
    startCursor: z.string().nullable(),
    endCursor: z.string().nullable(),
  }),
});
const PAGE = "edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
const ARGUMENTS = "first: $first, after: $after, last: $last, before: $before";
const VARIABLES = "$first: Int, $after: String, $last: Int, $before: String";

interface Asked {
  first?: number;
  after?: string;
  last?: number;
  before?: string;
  around?: string;
}

const HISTORY = `query ($room: ID!, ${VARIABLES}, $around: ID) {
  chatRoom(id: $room) { page: messages(${ARGUMENTS}, around: $around) { ${PAGE} } } }`;
const ROOMS = `query (${VARIABLES}) { chatRooms(${ARGUMENTS}) { ${PAGE} } }`;

const historyShape = z.object({ chatRoom: z.object({ page: connection }) });
async function history(asked: Asked) {
  const answer = await graph.ask(john, HISTORY, { room: String(room.id), ...asked });
  expect(answer.errors).toEqual([]);
  return summary(historyShape.parse(answer.data).chatRoom.page);
}

/** What a page holds, having made sure that its parts agree. */
function summary({ edges, nodes, pageInfo }: z.infer<typeof connection>) {
  const found = nodes.map(({ id }) => id);
  expect(edges.map(({ node }) => node.id)).toEqual(found);
  expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0]?.cursor ?? null, edges.at(-1)?.cursor ?? null]);
  return {
    ids: found,
    more: [pageInfo.hasPreviousPage, pageInfo.hasNextPage],
    cursors: edges.map((edge) => edge.cursor),
  };
}

describe("a room's history", () => {
  test("is the newest 50 when nothing is asked for, ascending, without what was deleted", async () => {
    expect(await history({})).toMatchObject({ ids, more: [false, false] });
  });

  test("starts at the oldest with first, ends at the newest with last, and is ascending in both", async () => {
    expect(await history({ first: 4 })).toMatchObject({ ids: ids.slice(0, 4), more: [false, true] });
    expect(await history({ last: 4 })).toMatchObject({ ids: ids.slice(-4), more: [true, false] });
    expect(await history({ last: 11 })).toMatchObject({ ids, more: [false, false] });
    expect(await history({ first: 11 })).toMatchObject({ ids, more: [false, false] });
  });

  test.each([1, 3, 5, 11])(
    "can be walked backwards and forwards in pages of %i, without a gap or a repetition",
    async (size) => {
      const back: string[] = [];
      let page = await history({ last: size });
      for (back.unshift(...page.ids); page.more[0]; back.unshift(...page.ids))
        page = await history({ last: size, before: page.cursors[0] ?? "" });
      expect(back).toEqual(ids);
      const forth: string[] = [];
      page = await history({ first: size });
      for (forth.push(...page.ids); page.more[1]; forth.push(...page.ids))
        page = await history({ first: size, after: page.cursors.at(-1) ?? "" });
      expect(forth).toEqual(ids);
    },
  );

  test("between two cursors is what lies between them", async () => {
    const { cursors } = await history({});
    expect((await history({ after: cursors[1] ?? "", before: cursors[5] ?? "" })).ids).toEqual(ids.slice(2, 5));
  });

  test.each([
    [1, 5, 5, 6],
    [2, 5, 4, 6],
    [5, 5, 3, 8],
    [4, 0, 0, 2],
    [4, 10, 8, 11],
    [100, 5, 0, 11],
  ])("of %i around the message at %i goes from %i to %i", async (first, at, from, to) => {
    expect(await history({ first, around: ids[at] ?? "" })).toMatchObject({
      ids: ids.slice(from, to),
      more: [from > 0, to < ids.length],
    });
  });

  test.each<[string, Asked, string]>([
    ["both first and last", { first: 1, last: 1 }, "last"],
    ["none at all", { first: 0 }, "first"],
    ["fewer than none", { last: -1 }, "last"],
    ["more than 100", { first: 101 }, "first"],
    ["after garbage", { after: "garbage" }, "after"],
    ["before another list's cursor", { before: Buffer.from('["1",2]').toString("base64url") }, "before"],
    ["after a broken number", { after: Buffer.from("[1.5]").toString("base64url") }, "after"],
    ["after an impossible number", { after: Buffer.from("[1e300]").toString("base64url") }, "after"],
    ["around with a cursor", { around: "1", after: Buffer.from("[1]").toString("base64url") }, "around"],
    ["around with last", { around: "1", last: 3 }, "around"],
  ])("of %s is refused by the argument's name", async (_what, asked, field) => {
    const answer = await graph.ask(john, HISTORY, { room: String(room.id), ...asked });
    expect(answer.errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field } }]);
  });

  test("around a message that is not there, or was deleted, is NOT_FOUND", async () => {
    for (const around of ["999999", "x", String(Number(ids[2]) + 1)]) {
      const answer = await graph.ask(john, HISTORY, { room: String(room.id), around });
      expect(answer.errors).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
    }
  });
});

describe("the list of rooms", () => {
  test("goes by latest activity, and can be walked in both directions", async () => {
    const { world } = graph;
    const people = await world.person("walker", project);
    const rooms: string[] = [];
    for (let index = 0; index < 7; index += 1) rooms.unshift(String((await world.group(project, people)).id));
    const [oldest] = rooms.splice(6);
    await sendMessage(world.as(people), { roomId: oldest ?? "", content: "up" });
    rooms.unshift(oldest ?? "");
    const list = async (asked: Asked) => {
      const answer = await graph.ask(people, ROOMS, { ...asked });
      return summary(z.object({ chatRooms: connection }).parse(answer.data).chatRooms);
    };
    expect(await list({})).toMatchObject({ ids: rooms, more: [false, false] });
    const forth: string[] = [];
    let page = await list({ first: 3 });
    for (forth.push(...page.ids); page.more[1]; forth.push(...page.ids))
      page = await list({ first: 3, after: page.cursors.at(-1) ?? "" });
    expect(forth).toEqual(rooms);
    page = await list({ last: 3 });
    const back: string[] = [];
    for (back.unshift(...page.ids); page.more[0]; back.unshift(...page.ids))
      page = await list({ last: 3, before: page.cursors[0] ?? "" });
    expect(back).toEqual(rooms);
  });

  test("can be narrowed to a project; one that is not one's own has none", async () => {
    const { world } = graph;
    const beta = await world.project("beta");
    const dee = await world.person("dee", beta, project);
    const own = await world.group(beta, dee);
    await world.group(project, dee);
    const list = async (user: User, projectId: string) => {
      const answer = await graph.ask(
        user,
        "query ($p: ID!) { chatRooms(projectId: $p) { nodes { id } } chatProjects { id chatRooms { nodes { id } } } }",
        { p: projectId },
      );
      return answer.data;
    };
    expect(await list(dee, beta.hostId)).toMatchObject({ chatRooms: { nodes: [{ id: String(own.id) }] } });
    expect(await list(john, beta.hostId)).toMatchObject({ chatRooms: { nodes: [] } });
    expect(await list(john, "nowhere\u0000")).toMatchObject({ chatRooms: { nodes: [] } });
  });

  test.each(["garbage", '["x",1]', '["1",1.5]', '["1",99999999999]', "[1]", "{}"])(
    "after %s is refused",
    async (cursor) => {
      const answer = await graph.ask(john, ROOMS, { after: Buffer.from(cursor).toString("base64url") });
      expect(answer.errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field: "after" } }]);
    },
  );
});

describe("a project's members", () => {
  const MEMBERS = `query ($first: Int, $after: String, $query: String) {
    chatProjects { chatMembers(first: $first, after: $after, query: $query) { ${PAGE} } } }`;
  const shape = z.object({ chatProjects: z.array(z.object({ chatMembers: connection })) });

  test("go by name in any alphabet, page by page, each once", async () => {
    const { world } = graph;
    const choir = await world.project("choir");
    const names = ["émile", "Óscar", "zoë", "Adam", "eve", "İpek", "ßteffen", "名前", "Émile", "bob"];
    const singers: User[] = [];
    for (const [index, name] of names.entries()) {
      const person = await world.person(`singer${index}`, choir);
      await world.database
        .fork()
        .getConnection()
        .execute("update chat_user set display_name = ? where id = ?", [name, person.id]);
      singers.push(person);
    }
    const [first] = singers;
    if (first === undefined) throw new Error("The choir is empty.");
    const seen: string[] = [];
    for (let after: string | undefined, more = true; more;) {
      const answer = await graph.ask(first, MEMBERS, { first: 3, after });
      const page = summary(
        (shape.parse(answer.data).chatProjects[0] ?? { chatMembers: connection.parse({}) }).chatMembers,
      );
      seen.push(...page.ids);
      after = page.cursors.at(-1);
      more = page.more[1] ?? false;
    }
    expect(seen.toSorted()).toEqual(singers.map(({ hostId }) => hostId).toSorted());
  });

  test("are found by a part of either name; what has a meaning to the database has none here", async () => {
    const find = async (query: string) => {
      const answer = await graph.ask(john, MEMBERS, { query });
      expect(answer.errors).toEqual([]);
      return shape.parse(answer.data).chatProjects.flatMap(({ chatMembers }) => chatMembers.nodes.map(({ id }) => id));
    };
    expect(await find("OHN")).toEqual([john.hostId]);
    for (const nobody of ["%", "_", "\\", "'"]) expect(await find(nobody)).toEqual([]);
    expect(await find("jo\u0000hn")).toEqual([john.hostId]);
  });
});

test("asked for twice in one document, a list is twice the same", async () => {
  const answer = await graph.ask(
    john,
    `query ($room: ID!) { a: chatRoom(id: $room) { x: messages(last: 2) { nodes { id } } y: messages(last: 2) { nodes { id } } z: messages(last: 1) { nodes { id } } } }`,
    { room: String(room.id) },
  );
  const last = ids.slice(-2).map((id) => ({ id }));
  expect(answer.data).toEqual({ a: { x: { nodes: last }, y: { nodes: last }, z: { nodes: last.slice(1) } } });
});

test("the people of a reaction are the first ones first, as many as one asks for", async () => {
  const { world } = graph;
  const { room: direct } = await createRoom(world.as(john), {
    type: "direct",
    project: { id: project.id },
    participants: [{ id: jane.id }],
  });
  const message = await sendMessage(world.as(john), { roomId: direct.id, content: "x" });
  const react = (user: User) =>
    graph.ask(
      user,
      `mutation { addMessageReaction(input: { messageId: "${message.id}", emoji: "👍" }) { reaction { id } } }`,
    );
  await react(jane);
  await react(john);
  const ask = (first: number) =>
    graph.ask(john, `{ chatMessage(id: "${message.id}") { reactionGroups { users(first: ${first}) { id } } } }`);
  expect((await ask(1)).data).toEqual({ chatMessage: { reactionGroups: [{ users: [{ id: jane.hostId }] }] } });
  expect((await ask(2)).data).toEqual({
    chatMessage: { reactionGroups: [{ users: [{ id: jane.hostId }, { id: john.hostId }] }] },
  });
  expect((await ask(0)).errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field: "first" } }]);
});
