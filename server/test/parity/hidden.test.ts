import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { sendMessage } from "../../features/messages/message.actions.js";
import { addParticipant, removeParticipant } from "../../features/rooms/participant.actions.js";
import { startGraphqlWorld, type GraphqlWorld } from "../graphql-world.js";
import { hangUp } from "../raw-socket.js";
import { right } from "./bad-input.js";
import { hostVerbs, transports, verbs, type Answer, type Input, type Transport } from "./client.js";
import { expectRefused, parseTransport } from "./contract.js";
import { seen } from "./observe.js";
import { answers, clientsOf, never, setStage, type Name, type Stage } from "./stage.js";

// To whom a room is not open, everything of it is as if it had never been, whatever they speak with.

/** What names a thing in a room, or the room itself. */
const inRoom = verbs.filter((verb) => !["createRoom", "listRooms", ...hostVerbs].includes(verb));
const strangers = ["alice", "dee", "gone"] as const;

let graph: GraphqlWorld;
let stage: Stage;
/** A room with a message for each of the strangers. */
const own = new Map<Name, number>();
beforeAll(async () => {
  graph = await startGraphqlWorld();
  stage = await setStage(graph.world);
  const { world } = graph;
  for (const name of strangers) {
    const room = await world.group(name === "dee" ? stage.other : stage.project, stage.people[name]);
    await sendMessage(world.as(stage.people[name]), { roomId: room.id, content: "Hello." });
    own.set(name, room.id);
  }
});
afterEach(hangUp);
afterAll(() => graph.close());

/** The same with what is in the room as it never was. */
const asNever = (input: Input): Input => ({
  ...input,
  ...("roomId" in input ? { roomId: never.id } : {}),
  ...("messageId" in input ? { messageId: never.id } : {}),
});

const codesOf = (given: Readonly<Partial<Record<Transport, Answer>>>) =>
  Object.entries(given).map(([transport, answer]) => [transport, "refusal" in answer ? answer.refusal.code : "done"]);

describe("who is not in the room, was removed from it or is of another project is answered as if it never was:", () => {
  test.each(inRoom)("%s", async (verb) => {
    const before = await seen(graph, stage, stage.room.id);
    for (const name of strangers) {
      const clients = await clientsOf(graph.server, stage, name);
      const real = await answers(clients, verb, right[verb](stage));
      const none = await answers(clients, verb, asNever(right[verb](stage)));
      expect([name, real]).toEqual([name, none]);
      for (const [transport, answer] of Object.entries(real))
        expectRefused(answer, parseTransport(transport), "NOT_FOUND");
    }
    expect(await seen(graph, stage, stage.room.id)).toEqual(before);
  });
});

describe("from within a room of one's own, a message of another is as if it never was:", () => {
  test.each(["getMessage", "markRead", "edit", "delete", "react", "unreact"] as const)("%s", async (verb) => {
    for (const name of strangers) {
      const clients = await clientsOf(graph.server, stage, name);
      const input = { ...right[verb](stage), roomId: own.get(name) };
      const [real, none] = [
        await answers(clients, verb, input),
        await answers(clients, verb, { ...input, messageId: never.id }),
      ];
      expect([name, real]).toEqual([name, none]);
      expect(new Set(codesOf(real).map(([, code]) => code))).toEqual(new Set(["NOT_FOUND"]));
    }
  });
});

describe("without a token, or with one that has expired, everything is closed:", () => {
  test.each(verbs)("%s", async (verb) => {
    for (const who of ["nobody", "expired"] as const) {
      const clients = await clientsOf(graph.server, stage, who);
      const real = await answers(clients, verb, right[verb](stage));
      const none = await answers(clients, verb, asNever(right[verb](stage)));
      expect([who, real]).toEqual([who, none]);
      for (const [transport, answer] of Object.entries(real))
        expectRefused(answer, parseTransport(transport), "UNAUTHENTICATED");
    }
  });
});

test("the host product's own token opens no room", async () => {
  const clients = await clientsOf(graph.server, stage, "host");
  // It is no person's: on a socket, where only people are, it is nobody's.
  expect(codesOf(await answers(clients, "send", right.send(stage)))).toEqual([
    ["graphql", "FORBIDDEN"],
    ["rest", "FORBIDDEN"],
    ["socket", "UNAUTHENTICATED"],
  ]);
});

test("who was removed while they were in it is told so by the next thing that they do, whatever they speak with", async () => {
  const { world } = graph;
  const { john, alice } = stage.people;
  const clients = await clientsOf(graph.server, stage, "alice");
  const change = { roomId: stage.room.id, person: { id: alice.id } };
  for (const transport of transports) {
    await addParticipant(world.as(john), change);
    expect(codesOf(await answers(clients, "getMessage", right.getMessage(stage)))).toContainEqual(["graphql", "done"]);
    await removeParticipant(world.as(john), change);
    const answer = (await answers(clients, "send", right.send(stage)))[transport];
    expectRefused(answer, transport, "NOT_FOUND");
  }
});
