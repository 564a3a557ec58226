import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { startGraphqlWorld, type GraphqlWorld } from "../graphql-world.js";
import { hangUp } from "../raw-socket.js";
import { transports, type Answer, type Transport } from "./client.js";
import { expectRefused } from "./contract.js";
import { clientsOf, setStage, type Clients, type Stage } from "./stage.js";

// One key space per person over all transports: GraphQL's clientMutationId, REST's Idempotency-Key, client_mutation_id.

let graph: GraphqlWorld;
let stage: Stage;
let john: Clients;
let jane: Clients;
beforeAll(async () => {
  graph = await startGraphqlWorld();
});
beforeEach(async () => {
  stage = await setStage(graph.world);
  [john, jane] = [await clientsOf(graph.server, stage, "john"), await clientsOf(graph.server, stage, "jane")];
});
afterEach(hangUp);
afterAll(() => graph.close());

const others = (first: Transport): readonly Transport[] => transports.filter((transport) => transport !== first);

function sendWith(clients: Clients, transport: Transport, key: string, content = "once"): Promise<Answer> {
  return clients[transport].send({ roomId: stage.room.id, content, clientMutationId: key });
}

const messageOf = (answer: Answer): unknown => "result" in answer && answer.result["id"];

async function contents(): Promise<unknown> {
  const answer = await john.rest.listMessages({ roomId: stage.room.id });
  const messages = "result" in answer ? answer.result["messages"] : undefined;
  return Array.isArray(messages) && messages.map(({ content }: { readonly content: string }) => content);
}

const [mine, theirs] = ["Hello from here!", "Hello, too."];

test.each(transports)("what was sent by %s is the same message when it is sent again by the others", async (first) => {
  const key = randomUUID();
  const sent = await sendWith(john, first, key);
  for (const next of [...others(first), first]) {
    const again = await sendWith(john, next, key.toUpperCase());
    expect([next, "result" in again && again.result]).toEqual([next, "result" in sent && sent.result]);
  }
  expect(await contents()).toEqual([mine, theirs, "once"]);
});

test.each(transports)("what was sent by %s is what it has become when it is sent again", async (first) => {
  const key = randomUUID();
  const sent = await sendWith(john, first, key);
  const messageId = Number(String(messageOf(sent)).split(":")[1]);
  await jane.rest.react({ messageId, emoji: "🚀" });
  await john.graphql.edit({ messageId, content: "better" });
  for (const next of transports)
    expect([next, await sendWith(john, next, key)]).toMatchObject([
      next,
      { result: { content: "better", isEdited: true, reactions: [{ emoji: "🚀" }] } },
    ]);
  await john.graphql.delete({ messageId });
  for (const next of transports) expectRefused(await sendWith(john, next, key), next, "NOT_FOUND");
});

test.each(transports)("a key that was used by %s is for nothing else, whatever it is sent with", async (first) => {
  const key = randomUUID();
  await sendWith(john, first, key);
  for (const next of transports)
    expectRefused(await sendWith(john, next, key, "something else"), next, "IDEMPOTENCY_KEY_REUSED");
  expect(await contents()).toEqual([mine, theirs, "once"]);
});

test("another's key is another key", async () => {
  const key = randomUUID();
  const sent = [await sendWith(john, "rest", key), await sendWith(jane, "socket", key)].map(messageOf);
  expect(new Set(sent).size).toBe(2);
  expect(await contents()).toEqual([mine, theirs, "once", "once"]);
});

test("sent over all three at once it is one message", async () => {
  for (let round = 0; round < 5; round += 1) {
    const key = randomUUID();
    const sent = await Promise.all(
      [...transports, ...transports].map((transport) => sendWith(john, transport, key, `at once ${round}`)),
    );
    expect(new Set(sent.map(messageOf)).size).toBe(1);
    expect(messageOf(sent[0] ?? { manner: 0, result: {} })).toMatch(/^message:\d+$/);
  }
  expect(await contents()).toEqual([mine, theirs, ...Array.from({ length: 5 }, (_, round) => `at once ${round}`)]);
});

test("of different words under one key, sent over all three at once, one comes through and the others are told", async () => {
  const key = randomUUID();
  const sent = await Promise.all(transports.map((transport) => sendWith(john, transport, key, `by ${transport}`)));
  const refused = transports.filter((_, index) => "refusal" in (sent[index] ?? {}));
  expect(refused).toHaveLength(2);
  for (const transport of refused)
    expectRefused(sent[transports.indexOf(transport)], transport, "IDEMPOTENCY_KEY_REUSED");
  const [winner] = transports.filter((transport) => !refused.includes(transport));
  expect(await contents()).toEqual([mine, theirs, `by ${winner}`]);
});
