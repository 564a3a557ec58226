import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { errorCodes, type ErrorCode } from "../../platform/errors.js";
import { createSchema } from "../../transports/graphql/schema.js";
import { routes } from "../../transports/rest/routes.js";
import type { Command } from "../../transports/socket/protocol.js";
import { startGraphqlWorld, type GraphqlWorld } from "../graphql-world.js";
import { hangUp } from "../raw-socket.js";
import { badInputs } from "./bad-input.js";
import { transports, verbs, type Answer, type Transport, type Verb } from "./client.js";
import { expectRefusals, mannerOfSuccess } from "./contract.js";
import { fileScenarios } from "./file-scenarios.js";
import { graphqlVerbs } from "./graphql-client.js";
import { messageScenarios } from "./message-scenarios.js";
import { observe, seen } from "./observe.js";
import { restVerbs } from "./rest-client.js";
import { roomScenarios } from "./room-scenarios.js";
import { titleOf, type Scenario } from "./scenario.js";
import { commandNames, socketCommands } from "./socket-client.js";
import { clientsOf, setStage, way, withoutNames, type Clients, type Stage } from "./stage.js";

// One table of what people do, played over GraphQL, REST and the raw WebSocket: the same comes of it, or the same refusal.

const scenarios: readonly Scenario[] = [...roomScenarios, ...messageScenarios, ...fileScenarios];
const READS: readonly Verb[] = ["listRooms", "getRoom", "listMessages", "getMessage", "search", "resume"];

let graph: GraphqlWorld;
let common: Stage;
let clients: Clients;
/** How the common stage looks, which nothing may change that is played on it. */
let untouched: unknown;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  common = await setStage(graph.world);
  clients = await clientsOf(graph.server, common, "john");
  untouched = await seen(graph, common, common.room.id);
});
afterEach(hangUp);
afterAll(() => graph.close());

/** Over what a scenario is played. */
function stagesOf({ verb, over = transports }: Scenario): readonly Transport[] {
  return over.filter((transport) => canDo(transport, verb));
}

function canDo(transport: Transport, verb: Verb): boolean {
  if (transport === "graphql") return true;
  return transport === "rest" ? verb in restVerbs : verb in socketCommands || verb === "resume";
}

async function play(stage: Stage, transport: Transport, { verb, who = "john", input }: Scenario): Promise<Answer> {
  const of = stage === common && who === "john" ? clients : await clientsOf(graph.server, stage, who);
  const answer = await way(of, transport, verb)?.(input(stage));
  if (answer === undefined) throw new Error(`${verb} can't be done over ${transport}.`);
  return answer;
}

const titled = (rows: readonly Scenario[]) => rows.map((row): [string, Scenario] => [titleOf(row), row]);
const done = scenarios.filter(({ ends }) => "gives" in ends);
const refused = scenarios.filter(({ ends }) => "code" in ends);

function expectDone(answer: Answer, transport: Transport, { verb, ends }: Scenario): void {
  if (!("gives" in ends)) throw new Error("This is a refusal.");
  expect([transport, answer]).toMatchObject([transport, { result: ends.gives }]);
  expect([transport, answer.manner]).toEqual([transport, mannerOfSuccess(transport, verb, ends.status)]);
}

describe("what is asked is answered with the same to the letter:", () => {
  test.each(titled(done.filter(({ verb }) => READS.includes(verb))))("%s", async (_title, scenario) => {
    const results: unknown[] = [];
    for (const transport of stagesOf(scenario)) {
      const answer = await play(common, transport, scenario);
      expectDone(answer, transport, scenario);
      results.push("result" in answer && answer.result);
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });
});

describe("what is done has the same result, the same effect and the same events:", () => {
  const changes = done.filter(({ verb }) => !READS.includes(verb));
  test.each(titled(changes))("%s", async (_title, scenario) => {
    const outcomes: { readonly transport: Transport; readonly outcome: unknown }[] = [];
    for (const transport of stagesOf(scenario)) {
      const stage = await setStage(graph.world);
      await scenario.before?.(graph.world, stage);
      const observer = await observe(graph.world, graph, stage);
      const answer = await play(stage, transport, scenario);
      expectDone(answer, transport, scenario);
      const result = "result" in answer ? answer.result : {};
      const { graphql, socket } = await observer.heard({ typing: scenario.verb === "typing" });
      expect(socket).toEqual(graphql);
      const [, changed] = scenario.verb === "createRoom" ? String(result["id"]).split(":") : [];
      const view = await seen(graph, stage, changed ?? stage.room.id);
      outcomes.push({ transport, outcome: withoutNames({ result, heard: graphql, view }) });
    }
    for (const { transport, outcome } of outcomes)
      expect({ transport, outcome }).toEqual({ transport, outcome: outcomes[0]?.outcome });
  });
});

describe("what is refused is refused with the same code, field and words, and nothing has happened:", () => {
  test.each(titled(refused))("%s", async (_title, scenario) => {
    const stage = scenario.before === undefined ? common : await setStage(graph.world);
    await scenario.before?.(graph.world, stage);
    const before = stage === common ? untouched : await seen(graph, stage, stage.room.id);
    const given: Partial<Record<Transport, Answer>> = {};
    for (const transport of stagesOf(scenario)) given[transport] = await play(stage, transport, scenario);
    expectRefusals(scenario, given);
    expect(await seen(graph, stage, stage.room.id)).toEqual(before);
  });
});

describe("what an input can't be is told with the field that is at fault:", () => {
  test.each(Object.entries(Object.groupBy(badInputs, ({ verb, name }) => `${verb}: ${name.split(" ")[0]}`)))(
    "%s",
    async (_title, rows) => {
      for (const scenario of rows ?? []) {
        const given: Partial<Record<Transport, Answer>> = {};
        for (const transport of stagesOf(scenario)) given[transport] = await play(common, transport, scenario);
        try {
          expectRefusals(scenario, given);
        } catch (error) {
          throw new Error(titleOf(scenario), { cause: error });
        }
      }
      expect(await seen(graph, common, common.room.id)).toEqual(untouched);
    },
  );
});

describe("the table leaves nothing out:", () => {
  const played = new Set(done.map(({ verb }) => verb));

  test("every mutation and query of the graph that another transport has, too", () => {
    const { schema } = createSchema();
    const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
    );
    // What is only asked with GraphQL, by the host product's gateway and by those who draw a page.
    const graphqlAlone = ["Query.chatViewer", "Query.chatProjects", "Query._service", "Query._entities"];
    const known = Object.values(graphqlVerbs).map(({ field }) => field);
    expect(new Set([...known, ...graphqlAlone])).toEqual(new Set(fields));
  });

  test("every route of REST", () => {
    const known = new Set(Object.values(restVerbs).map(({ route }) => route));
    expect(known).toEqual(new Set(routes.map(({ method, path }) => `${method} ${path}`)));
  });

  test("every command of the raw WebSocket", () => {
    // One more does not compile until it is here.
    const known: Readonly<Record<Exclude<Command["type"], "authenticate">, (typeof commandNames)[number]>> = {
      message_send: "send",
      message_edit: "edit",
      message_delete: "delete",
      reaction_add: "react",
      reaction_remove: "unreact",
      typing: "typing",
    };
    expect(Object.entries(known)).toEqual(commandNames.map((name) => [socketCommands[name].command, name]));
  });

  test("every verb, and a refusal of each that takes a thing", () => {
    expect([...played].toSorted()).toEqual(verbs.toSorted());
    expect(verbs.filter((verb) => !refused.some((scenario) => scenario.verb === verb))).toEqual([]);
  });

  /** What no scenario of this table can bring about, and where it is. */
  const elsewhere: Readonly<Partial<Record<ErrorCode, readonly Transport[]>>> = {
    // hidden.test.ts
    UNAUTHENTICATED: ["graphql", "rest", "socket"],
    // faults.test.ts
    PAYLOAD_TOO_LARGE: ["socket"],
    UNSUPPORTED_MEDIA_TYPE: ["socket"],
    // rates.test.ts
    RATE_LIMITED: ["graphql", "rest", "socket"],
    UNAVAILABLE: ["graphql", "rest", "socket"],
    INTERNAL_SERVER_ERROR: ["graphql", "rest", "socket"],
  };
  /** What no transport can bring about, and why. */
  const impossible: Readonly<Partial<Record<ErrorCode, readonly Transport[]>>> = {
    // Who resumes nothing can't be told to begin afresh.
    RESYNC_REQUIRED: ["rest"],
  };

  test("every code that a transport can answer with", () => {
    const caused = new Set(
      refused.flatMap((scenario) =>
        stagesOf(scenario).map((transport) => `${transport} ${"code" in scenario.ends ? scenario.ends.code : ""}`),
      ),
    );
    const all = Object.keys(errorCodes).flatMap((code) => transports.map((transport) => `${transport} ${code}`));
    const excepted = [elsewhere, impossible].flatMap((table) =>
      Object.entries(table).flatMap(([code, of]) => of.map((transport) => `${transport} ${code}`)),
    );
    expect([...caused, ...excepted].toSorted()).toEqual(all.toSorted());
  });
});
