import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Project, User } from "../directory/directory.js";
import { addReaction } from "../reactions/reaction.actions.js";
import type { Room } from "../rooms/room.js";
import { loadConfig } from "../../config.js";
import { createInProcessRates } from "../../platform/rates/in-process.js";
import { createRateLimiter } from "../../platform/rates/rate-limiter.js";
import { deleteMessage, sendMessage } from "../messages/message.actions.js";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import { postGraphql, SERVICE_TOKEN } from "../../test/server.js";
import { until } from "../../test/until.js";
import { createSchema } from "../../transports/graphql/schema.js";
import { verbCounts } from "./limit.js";

const FEATURES = join(import.meta.dirname, "..");
/** A verb takes who asks, and what they want. */
const VERB = /export (?:async )?function (\w+)\(\s*(?:scope|\{[^}]*\}): (?:Host)?Scope,\s*input\b/g;

/** The verbs of all features, as they stand in the sources. */
async function exportedVerbs(): Promise<readonly string[]> {
  const files = (await readdir(FEATURES, { recursive: true })).filter((file) => file.endsWith(".actions.ts"));
  const sources = await Promise.all(files.map((file) => readFile(join(FEATURES, file), "utf8")));
  return sources.flatMap((source) => [...source.matchAll(VERB)].map(([, name = ""]) => name));
}

test("every verb has a row that says what it is counted as", async () => {
  const rows = Object.keys(verbCounts).filter((verb) => verb !== "sendFile");
  // Sending once is sending.
  const verbs = (await exportedVerbs()).filter((verb) => verb !== "sendMessageOnce");
  expect(verbs.toSorted()).toEqual(rows.toSorted());
});

const HOUR = "1/1h";
const ONE_AN_HOUR = {
  RATE_LIMIT_SENDS: HOUR,
  RATE_LIMIT_WRITES: HOUR,
  RATE_LIMIT_UPLOADS: HOUR,
  RATE_LIMIT_SEARCHES: HOUR,
  RATE_LIMIT_LOGINS: HOUR,
};
const NEVER = "888888";

/** Every mutation of the graph, by its verb, with what can be asked of it: that there is no such thing counts, too. */
const mutations = {
  createChatRoom: ["createRoom", { type: "GROUP", name: "Room", projectId: NEVER, participantIds: [] }],
  renameChatRoom: ["renameRoom", { roomId: NEVER, name: "Room" }],
  deleteChatRoom: ["deleteRoom", { roomId: NEVER }],
  addChatParticipant: ["addParticipant", { roomId: NEVER, userId: NEVER }],
  removeChatParticipant: ["removeParticipant", { roomId: NEVER, userId: NEVER }],
  markChatRoomRead: ["markRoomRead", { roomId: NEVER }],
  sendChatMessage: ["sendMessage", { roomId: NEVER, content: "Hello" }],
  editChatMessage: ["editMessage", { messageId: NEVER, content: "Hello" }],
  deleteChatMessage: ["deleteMessage", { messageId: NEVER }],
  addMessageReaction: ["addReaction", { messageId: NEVER, emoji: "🎉" }],
  removeMessageReaction: ["removeReaction", { messageId: NEVER, emoji: "🎉" }],
  setChatTyping: ["setTyping", { roomId: NEVER, isTyping: true }],
  upsertChatUsers: ["upsertUsers", { users: [{ id: "one", username: "one", displayName: "One" }] }],
  upsertChatProjects: ["upsertProjects", { projects: [{ id: "one", name: "One", memberIds: [] }] }],
  revokeChatTokens: ["revokeTokens", { revocations: [{ tokenId: "never" }] }],
} as const satisfies Readonly<Record<string, readonly [keyof typeof verbCounts, object]>>;

describe("where one of each is let through an hour", () => {
  let graph: GraphqlWorld;
  let project: Project;
  let people = 0;
  beforeAll(async () => {
    graph = await startGraphqlWorld(ONE_AN_HOUR);
    project = await graph.world.project("apollo");
  });
  afterAll(() => graph.close());
  const newcomer = async (): Promise<User> => graph.world.person(`person${(people += 1)}`, project);

  interface Answered {
    readonly codes: readonly unknown[];
    readonly waits: readonly unknown[];
  }
  const ask = async (token: string, document: string, input: object): Promise<Answered> => {
    const { errors } = await postGraphql(`${graph.server.url}/graphql`, { token, document, variables: { ...input } });
    return {
      codes: errors.map(({ extensions }) => extensions.code),
      waits: errors.map(({ extensions }) => extensions.retryAfterMs),
    };
  };
  const documentOf = (mutation: string): string => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    return `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename } }`;
  };

  test("every mutation of the graph is in this test", () => {
    const fields = Object.keys(createSchema().schema.getMutationType()?.getFields() ?? {});
    expect(Object.keys(mutations).toSorted()).toEqual(fields.toSorted());
  });

  test.each(Object.entries(mutations))("%s is held against the limit of its verb", async (mutation, [verb, input]) => {
    const isHosts = ["upsertUsers", "upsertProjects", "revokeTokens"].includes(verb);
    const token = isHosts ? SERVICE_TOKEN : await graph.token(await newcomer());
    const [first, second] = [
      await ask(token, documentOf(mutation), { input }),
      await ask(token, documentOf(mutation), { input }),
    ];
    expect(first.codes).toEqual(isHosts ? [] : ["NOT_FOUND"]);
    // What is said too often of one's typing is left out, and nobody is told so.
    const isRefused = !isHosts && verb !== "setTyping";
    expect(second.codes).toEqual(isRefused ? ["RATE_LIMITED"] : first.codes);
    expect(second.waits.map((wait) => typeof wait)).toEqual(
      isRefused ? ["number"] : first.waits.map(() => "undefined"),
    );
  });

  test("a search is, too; and what is no verb is not", async () => {
    const token = await graph.token(await newcomer());
    const search = "query ($query: String!) { searchChatMessages(query: $query) { nodes { id } } }";
    const found = [await ask(token, search, { query: "words" }), await ask(token, search, { query: "words" })];
    expect(found.map(({ codes }) => codes)).toEqual([[], ["RATE_LIMITED"]]);
    for (let index = 0; index < 3; index += 1)
      expect((await ask(token, "{ chatRooms { nodes { id } } }", {})).codes).toEqual([]);
  });

  test("what is too much of one kind keeps nobody from another kind, nor anybody else from anything", async () => {
    const [john, jane] = [await graph.token(await newcomer()), await graph.token(await newcomer())];
    const edit = (token: string) => ask(token, documentOf("editChatMessage"), { input: mutations.editChatMessage[1] });
    const read = (token: string) => ask(token, documentOf("markChatRoomRead"), { input: { roomId: NEVER } });
    const send = (token: string) => ask(token, documentOf("sendChatMessage"), { input: mutations.sendChatMessage[1] });
    expect((await edit(john)).codes).toEqual(["NOT_FOUND"]);
    expect((await edit(john)).codes).toEqual(["RATE_LIMITED"]);
    // Neither is taken from what one may change.
    expect([(await read(john)).codes, (await send(john)).codes]).toEqual([["NOT_FOUND"], ["NOT_FOUND"]]);
    expect((await edit(jane)).codes).toEqual(["NOT_FOUND"]);
  });

  test("what can't be understood is not counted", async () => {
    const token = await graph.token(await newcomer());
    const send = (content: string) => ask(token, documentOf("sendChatMessage"), { input: { roomId: NEVER, content } });
    expect((await send("")).codes).toEqual(["BAD_USER_INPUT"]);
    expect((await send("Hello")).codes).toEqual(["NOT_FOUND"]);
  });

  describe("a message that was stored", () => {
    let john: User;
    let room: Room;
    beforeAll(async () => {
      john = await newcomer();
      room = await graph.world.group(project, john);
    });
    const send = (clientMutationId: string, content: string) =>
      graph.ask(
        john,
        "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id content } } }",
        { input: { roomId: String(room.id), content, clientMutationId } },
      );

    test("is given back to who sends it again under its key; under another one nothing is, and nothing is stored", async () => {
      const key = randomUUID();
      const first = await send(key, "Hello");
      expect(first.errors).toEqual([]);
      expect((await send(randomUUID(), "Hello again")).errors).toMatchObject([
        { message: expect.stringMatching(/^Request was throttled\. Expected available in 3\d\d\d seconds\.$/) },
      ]);
      for (let index = 0; index < 3; index += 1) expect(await send(key, "Hello")).toEqual(first);
      const { errors } = await send(key, "Something else");
      expect(errors).toMatchObject([{ extensions: { code: "IDEMPOTENCY_KEY_REUSED" } }]);
      const { data } = await graph.ask(john, `{ chatRoom(id: ${room.id}) { messages { nodes { content } } } }`);
      expect(data).toEqual({ chatRoom: { messages: { nodes: [{ content: "Hello" }] } } });
      graph.world.clock.advance(3_600_000);
      expect((await send(randomUUID(), "Hello again")).errors).toEqual([]);
    });

    test("with a file is given back without the file being read; for anything else its key lifts no limit", async () => {
      const { world } = graph;
      const limiter = createRateLimiter(loadConfig(ONE_AN_HOUR).rateLimits, createInProcessRates(world.clock));
      const scope = { ...world.as(john), services: { ...world.services, limiter } };
      let reads = 0;
      const attachment = (name: string) => ({
        name,
        async *read() {
          reads += 1;
          yield Buffer.from("words");
        },
      });
      const wanted = { roomId: room.id, content: "", clientMutationId: randomUUID() };
      const first = await sendMessage(scope, { ...wanted, attachment: attachment("notes.txt") });
      expect(await sendMessage(scope, { ...wanted, attachment: attachment("notes.txt") })).toEqual(first);
      const reused = { code: "IDEMPOTENCY_KEY_REUSED" };
      const others = [
        { ...wanted, attachment: attachment("others.txt") },
        { ...wanted, roomId: (await world.group(project, john)).id, attachment: attachment("notes.txt") },
        { ...wanted, content: "words" },
      ];
      for (const other of others) await expect(sendMessage(scope, other)).rejects.toMatchObject(reused);
      expect(reads).toBe(1);
      await deleteMessage(world.as(john), { messageId: first.id });
      const gone = sendMessage(scope, { ...wanted, attachment: attachment("notes.txt") });
      await expect(gone).rejects.toMatchObject({ code: "NOT_FOUND" });
    });
  });

  test("the metrics count what was refused, by limit", async () => {
    const countOf = async (limit: string): Promise<number> => {
      const text = await (await fetch(`${graph.server.url}/metrics`)).text();
      return Number(new RegExp(`^parley_rate_limited_total\\{limit="${limit}"\\} (\\d+)$`, "m").exec(text)?.[1]);
    };
    const names = ["sends", "writes", "uploads", "searches", "logins"];
    const before = await Promise.all(names.map(countOf));
    const token = await graph.token(await newcomer());
    const input = mutations.renameChatRoom[1];
    for (let index = 0; index < 3; index += 1) await ask(token, documentOf("renameChatRoom"), { input });
    const after = await Promise.all(names.map(countOf));
    expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([0, 2, 0, 0, 0]);
  });
});

test("typing that is said too often is told to nobody, and what is off is not counted", async () => {
  const graph = await startGraphqlWorld({ RATE_LIMIT_WRITES: "2/1h", RATE_LIMIT_SENDS: "off" });
  const { world } = graph;
  const project = await world.project("apollo");
  const [john, jane] = [await world.person("john", project), await world.person("jane", project)];
  const room = await world.group(project, john, jane);
  const ears = await graph.follow(
    await graph.connect(jane),
    "subscription ($roomId: ID!) { chatRoomEvents(roomId: $roomId) { __typename } }",
    { roomId: String(room.id) },
  );
  for (const isTyping of [true, false, true, false])
    await graph.mutate(john, "setChatTyping", { roomId: String(room.id), isTyping }, "isTyping");
  const sent: unknown[] = [];
  for (let index = 0; index < 40; index += 1)
    sent.push(
      await graph.mutate(john, "sendChatMessage", { roomId: String(room.id), content: "Hi" }, "message { id }"),
    );
  const message = await sendMessage(world.as(john), { roomId: room.id, content: "The last" });
  await addReaction(world.as(jane), { messageId: message.id, emoji: "🎉" });
  await until(() => ears.events.some(({ __typename }) => __typename === "ChatReactionAdded"), "the last event");
  const names = ears.events.map(({ __typename }) => __typename).filter((name) => name === "ChatTypingChanged");
  expect([names, sent]).toEqual([["ChatTypingChanged", "ChatTypingChanged"], sent.map(() => expect.anything())]);
  await graph.close();
});
