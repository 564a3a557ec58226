import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { OUR_FAULT, type ErrorCode } from "../../platform/errors.js";
import { createInProcessPubSub } from "../../platform/pubsub/in-process.js";
import { TestClock } from "../clock.js";
import { countStatements } from "../count-statements.js";
import { speakWith, type GraphqlServer } from "../graphql-world.js";
import { enter, hangUp } from "../raw-socket.js";
import { startTestServer } from "../server.js";
import { connectionLost } from "../test-node.js";
import { createWorld, openTestDatabase, type World } from "../world.js";
import { right } from "./bad-input.js";
import { hostVerbs, transports, verbs, type Answer, type Manner, type Transport } from "./client.js";
import { expectRefused, manners } from "./contract.js";
import { commandNames, told } from "./socket-client.js";
import { clientsOf, setStage, way, type Clients, type Stage } from "./stage.js";

// What goes wrong on our side, or in what can't be read at all, is told with one code over all transports.

let world: World;
let graph: GraphqlServer;
let stage: Stage;
let clients: Clients;
/** What the server's database answers with just now instead. */
let fault: (() => Error) | undefined;

beforeAll(async () => {
  const parts = {
    database: await openTestDatabase(),
    pubsub: createInProcessPubSub(pino({ level: "silent" })),
    clock: new TestClock(),
  };
  world = await createWorld(parts);
  const breaking = (): void => {
    if (fault !== undefined) throw fault();
  };
  const database = { ...parts.database, fork: () => countStatements(parts.database.fork(), breaking) };
  graph = speakWith(await startTestServer({ ...parts, database, webRoot: import.meta.dirname }));
  stage = await setStage(world);
  clients = await clientsOf(graph.server, stage, "john");
  // From here on it is known who asks, as time stands still: what fails is what is asked for.
  for (const transport of ["graphql", "rest"] as const) {
    const answer = await way(clients, transport, "listRooms")?.({});
    if (answer === undefined || "refusal" in answer) throw new Error(`Nobody is known by ${transport}.`);
  }
});
afterEach(() => {
  fault = undefined;
  hangUp();
});
afterAll(async () => {
  await world.feed.close();
  await graph.server.close();
});

/** What is asked when the database fails so. */
async function asked(error: () => Error, ask: () => Promise<Answer | undefined>) {
  fault = error;
  const answer = await ask();
  fault = undefined;
  return answer;
}

const faults: readonly (readonly [string, ErrorCode, () => Error, number | undefined])[] = [
  ["is away", "UNAVAILABLE", connectionLost, 1_000],
  ["is broken", "INTERNAL_SERVER_ERROR", () => new Error('relation "chat_room" does not exist'), undefined],
];

describe.each(faults)("when the database %s, %s is the answer", (_what, code, error, retryAfterMs) => {
  const expectFault = (answer: Answer | undefined, transport: Transport): void => {
    expectRefused(answer, transport, code);
    const { words = "", retryAfterMs: wait } = answer !== undefined && "refusal" in answer ? answer.refusal : {};
    expect(words).not.toMatch(/relation|terminated/);
    if (code === "INTERNAL_SERVER_ERROR") expect(words).toBe(OUR_FAULT);
    // The reason of a close is words alone.
    if (transport !== "socket" || answer?.manner === "frame")
      expect([transport, wait]).toEqual([transport, retryAfterMs]);
  };

  test.each(verbs.filter((verb) => !hostVerbs.includes(verb)))("to %s", async (verb) => {
    for (const transport of ["graphql", "rest"] as const) {
      const ask = way(clients, transport, verb);
      if (ask !== undefined) expectFault(await asked(error, () => ask(right[verb](stage))), transport);
    }
  });

  test.each(commandNames)("to %s on a socket, which goes on", async (name) => {
    const line = await enter(graph.server.url, stage.room.id, { token: await graph.token(stage.people.john) });
    expectFault(await asked(error, () => told(line, name, right[name](stage))), "socket");
    const { mine } = stage;
    expect(await told(line, "unreact", { messageId: mine.id, emoji: "🚀" })).toEqual({ manner: "frame", result: {} });
  });

  test.each(hostVerbs)("to the host product's %s", async (verb) => {
    const host = await clientsOf(graph.server, stage, "host");
    const rows = {
      users: [{ id: "x", username: "x", displayName: "X" }],
      projects: [{ id: "x", name: "X" }],
      revocations: [{ tokenId: "x" }],
    };
    for (const transport of ["graphql", "rest"] as const)
      expectFault(await asked(error, async () => way(host, transport, verb)?.(rows)), transport);
  });

  test("to who comes in, too", async () => {
    const comer = await clientsOf(graph.server, stage, "jane");
    for (const transport of transports)
      expectFault(await asked(error, () => comer[transport].send(right.send(stage))), transport);
  });

  test("and what was tried then can be done afterwards, once", async () => {
    for (const transport of transports) {
      const input = { ...right.send(stage), content: `${code} by ${transport}`, clientMutationId: randomUUID() };
      const send = () => clients[transport].send(input);
      expectFault(await asked(error, send), transport);
      expect([await send(), await send()]).toMatchObject([{ result: {} }, { result: {} }]);
      const found = await clients.graphql.search({ query: `"${input.content}"` });
      expect("result" in found && found.result["messages"]).toHaveLength(1);
    }
  });
});

describe("what can't be read is told with one code:", () => {
  const LARGE = JSON.stringify({ content: "x".repeat(256 * 1024) });
  const http = async (path: string, type: string, body: string) => {
    const authorization = `Bearer ${await graph.token(stage.people.john)}`;
    return fetch(`${graph.server.url}${path}`, {
      method: "POST",
      headers: { authorization, "content-type": type },
      body,
    });
  };
  const socket = async (data: string | Buffer): Promise<Manner> => {
    const line = await enter(graph.server.url, stage.room.id, { token: await graph.token(stage.people.john) });
    line.socket.send(data);
    return line.ended();
  };

  test.each([
    ["PAYLOAD_TOO_LARGE", 413, ["application/json", LARGE], "x".repeat(128 * 1024 + 1)],
    ["UNSUPPORTED_MEDIA_TYPE", 415, ["text/plain", "words"], Buffer.from("{}")],
  ] as const)("%s", async (code, status, [type, body], frame) => {
    const graphql = await http("/graphql", type, body);
    expect(await graphql.json()).toMatchObject({ errors: [{ extensions: { code } }] });
    const rest = await http("/api/chat/messages/", type, body);
    expect(await rest.json()).toEqual({ detail: expect.any(String) });
    expect([graphql.status, rest.status, [await socket(frame)]]).toEqual([status, status, manners[code].socket]);
  });
});
