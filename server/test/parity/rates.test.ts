import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { startGraphqlWorld, type GraphqlWorld } from "../graphql-world.js";
import { hangUp } from "../raw-socket.js";
import { until } from "../until.js";
import { transports, type Answer } from "./client.js";
import { expectRefused } from "./contract.js";
import { clientsOf, setStage, type Clients, type Stage } from "./stage.js";

// One count for a person, whatever they speak with.

let graph: GraphqlWorld;
let stage: Stage;
let john: Clients;
beforeAll(async () => {
  graph = await startGraphqlWorld({
    RATE_LIMIT_SENDS: "4/1h",
    RATE_LIMIT_WRITES: "4/1h",
    RATE_LIMIT_UPLOADS: "1/1h",
  });
});
beforeEach(async () => {
  stage = await setStage(graph.world);
  john = await clientsOf(graph.server, stage, "john");
});
afterEach(hangUp);
afterAll(() => graph.close());

/** One is earned in a quarter of an hour, and the clock stands still. */
const WAIT_MS = 900_000;
const WORDS = "Request was throttled. Expected available in 900 seconds.";
const refusalOf = (answer: Answer): unknown => ("refusal" in answer ? answer.refusal : answer);
const send = (to: Pick<Clients[keyof Clients], "send">, content: string, more = {}) =>
  to.send({ roomId: stage.room.id, content, ...more });

/** A mutation over GraphQL's WebSocket. */
async function sendBySocket(content: string): Promise<readonly unknown[]> {
  const document =
    "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { content } } }";
  const client = await graph.connect(stage.people.john);
  const heard = graph.listen(client, document, { input: { roomId: String(stage.room.id), content } });
  await until(() => heard.done || heard.errors.length > 0, "the answer");
  return heard.errors.length > 0 ? heard.errors : heard.events;
}

test("sends count together, over GraphQL by HTTP and WebSocket, REST and the raw WebSocket, and are refused alike", async () => {
  const clientMutationId = randomUUID();
  expect(await send(john.graphql, "one")).toMatchObject({ result: { content: "one" } });
  expect(await send(john.rest, "two")).toMatchObject({ result: { content: "two" } });
  expect(await send(john.socket, "three", { clientMutationId })).toMatchObject({ result: { content: "three" } });
  expect(await sendBySocket("four")).toEqual([{ message: { content: "four" } }]);
  for (const transport of transports) {
    const refused = await send(john[transport], "five");
    expectRefused(refused, transport, "RATE_LIMITED");
    expect([transport, refusalOf(refused)]).toMatchObject([transport, { words: WORDS, retryAfterMs: WAIT_MS }]);
  }
  const extensions = { code: "RATE_LIMITED", retryAfterMs: WAIT_MS };
  expect(await sendBySocket("five")).toMatchObject([{ message: WORDS, extensions }]);
  // What it is said with does not matter either for what was stored before.
  for (const transport of transports)
    expect(await send(john[transport], "three", { clientMutationId })).toMatchObject({ result: { content: "three" } });
  const jane = await clientsOf(graph.server, stage, "jane");
  expect(await send(jane.rest, "hers")).toMatchObject({ result: { content: "hers" } });
  graph.world.clock.advance(WAIT_MS);
  expect(await send(john.socket, "five")).toMatchObject({ result: { content: "five" } });
  expectRefused(await send(john.graphql, "six"), "graphql", "RATE_LIMITED");
});

test("edits, deletions and reactions count together, too", async () => {
  const [messageId, roomId] = [stage.mine.id, stage.room.id];
  expect(await john.graphql.edit({ messageId, content: "Edited" })).toHaveProperty("result");
  expect(await john.socket.react({ roomId, messageId, emoji: "👍" })).toHaveProperty("result");
  expect(await john.rest.unreact({ messageId, emoji: "👍" })).toHaveProperty("result");
  expect(await john.rest.renameRoom({ roomId, name: "Renamed" })).toHaveProperty("result");
  const refusals = [
    ["graphql", await john.graphql.delete({ messageId })],
    ["rest", await john.rest.delete({ messageId })],
    ["socket", await john.socket.delete({ roomId, messageId })],
    ["socket", await john.socket.edit({ roomId, messageId, content: "Again" })],
  ] as const;
  for (const [transport, answer] of refusals) expectRefused(answer, transport, "RATE_LIMITED");
  expect(await john.rest.getMessage({ messageId, id: messageId })).toMatchObject({ result: { content: "Edited" } });
});

test("a file counts as a send and as an upload: what has none is still taken", async () => {
  const attachment = { name: "plan.txt", bytes: Buffer.from("the plan") };
  expect(await send(john.graphql, "with it", { attachment })).toMatchObject({ result: { content: "with it" } });
  for (const transport of ["graphql", "rest"] as const) {
    const refused = await send(john[transport], "again", { attachment });
    expectRefused(refused, transport, "RATE_LIMITED");
    expect(refusalOf(refused)).toMatchObject({ retryAfterMs: 3_600_000 });
  }
  for (const content of ["two", "three", "four"])
    expect(await send(john.rest, content)).toMatchObject({ result: { content } });
  expectRefused(await send(john.rest, "five"), "rest", "RATE_LIMITED");
});

test("REST says when to come again, in whole seconds", async () => {
  const token = await graph.token(stage.people.john);
  const post = () =>
    fetch(`${graph.server.url}/api/chat/messages/`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ room: stage.room.id, content: "Hello" }),
    });
  for (let index = 0; index < 4; index += 1) expect((await post()).status).toBe(201);
  graph.world.clock.advance(1);
  const refused = await post();
  expect([refused.status, refused.headers.get("retry-after"), await refused.json()]).toEqual([
    429,
    "900",
    { detail: WORDS },
  ]);
});
