import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { getNamedType, isInputObjectType, isObjectType, isUnionType, type GraphQLArgument } from "graphql";
import { createSchema } from "../transports/graphql/schema.js";
import { castAccess, followed, type AccessCast } from "./access.cast.js";
import { hostRows, rows, type Row } from "./access.rows.js";
import { SERVICE_TOKEN } from "./server.js";
import { until } from "./until.js";

const { schema } = createSchema();

let cast: AccessCast;
let before: unknown;
beforeAll(async () => {
  cast = await castAccess();
  before = await cast.snapshot();
});
afterAll(() => cast.graph.close());

/** What anybody may name, to whom nothing is their own. */
const nothingOwn = { room: "1", project: "p", user: "u" };

const rowOf = (name: string): Row => {
  const row = rows[name];
  if (row === undefined) throw new Error(`${name} has no row.`);
  return row;
};

describe("to whom a room is not open, its ids are as if they had never been:", () => {
  test.each(Object.keys(rows))("%s", async (name) => {
    const { strangers, hidden, never, answer } = cast;
    const row = rowOf(name);
    for (const [who, { user, own }] of strangers) {
      if (row.knownInProject === true && own.project === hidden.project) continue;
      const [real, none] = [await answer(user, row, hidden, own), await answer(user, row, never, own)];
      expect([who, real]).toEqual([who, none]);
      expect(real).not.toMatch(/hidden words|INTERNAL_SERVER_ERROR/);
    }
  });

  test.each(Object.keys(rows))("and to nobody is anything: %s", async (name) => {
    const { graph, nobodies, hidden, never } = cast;
    const row = rowOf(name);
    for (const [who, token] of nobodies) {
      const asked = [hidden, never].map((ids) => row.variables(ids, nothingOwn));
      const [real, none] = await Promise.all(
        asked.map((variables) => graph.server.graphql(token, row.document, variables)),
      );
      expect([who, real]).toEqual([who, none]);
      expect(real).toMatchObject({ status: 401, errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
      expect(real?.data ?? null).toBeNull();
      for (const variables of asked) {
        const { events, errors } = await followed(graph, token ?? "", row, variables);
        expect([who, events, errors.length]).toEqual([who, [], 1]);
      }
    }
  });

  test.each([
    "a member of another project",
    "a member of the project who is not in the room",
    "somebody who was removed from the room",
  ])("%s gets by reference nothing of chat's own, and of the host's no more than a member knows", async (who) => {
    const { graph, hidden } = cast;
    const stranger = cast.strangers.get(who);
    if (stranger === undefined) throw new Error(`${who} is nobody here.`);
    const { user, own } = stranger;
    const ask = async (name: string) => {
      const row = rowOf(name);
      return (await graph.ask(user, row.document, row.variables(hidden, hidden))).data;
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
    expect(await cast.snapshot()).toEqual(before);
  });
});

/** What is in an answer that was refused, or that brought nothing. */
const NOTHING = /"code"|\[null\]|:null\}\}|"nodes":\[\]/;

describe("for its owner, who is its author, the same documents do what they say:", () => {
  test.each(Object.keys(rows))("%s", async (name) => {
    const { owner, ids } = await cast.freshRoom(`${name} of its owner`);
    const text = await cast.answer(owner, rowOf(name), ids, { ...ids, user: owner.hostId });
    expect(text).not.toMatch(NOTHING);
  });
});

describe("for a participant, who is neither, they do as well, but for what is its owner's or author's alone:", () => {
  const ofOthers = async (name: string): Promise<string> => {
    const { owner, other, ids } = await cast.freshRoom(`${name} of another`);
    return cast.answer(other, rowOf(name), { ...ids, user: owner.hostId }, { ...ids, user: other.hostId });
  };

  test.each(Object.keys(rows).filter((name) => rows[name]?.ownersAlone !== true))("%s", async (name) => {
    expect(await ofOthers(name)).not.toMatch(NOTHING);
  });

  test.each(Object.keys(rows).filter((name) => rows[name]?.ownersAlone === true))("not %s", async (name) => {
    expect(JSON.parse(await ofOthers(name))).toMatchObject({ errors: [{ extensions: FORBIDDEN }] });
  });
});
const FORBIDDEN = { code: "FORBIDDEN" };

describe("what is the host product's alone is closed to people, and what is people's to the host product:", () => {
  const codes = ({ errors }: { readonly errors: readonly { readonly extensions: object }[] }) =>
    errors.map(({ extensions }) => extensions);

  test.each(Object.entries(hostRows))("%s", async (_name, row) => {
    const { graph, john, strangers, nobodies, hidden, never } = cast;
    const everybody = [john, ...[...strangers.values()].map(({ user }) => user)];
    for (const user of everybody)
      for (const ids of [hidden, never])
        expect(codes(await graph.ask(user, row.document, row.variables(ids, nothingOwn)))).toEqual([FORBIDDEN]);
    for (const [, token] of nobodies)
      for (const ids of [hidden, never])
        expect(codes(await graph.server.graphql(token, row.document, row.variables(ids, nothingOwn)))).toEqual([
          { code: "UNAUTHENTICATED" },
        ]);
    expect(await cast.snapshot()).toEqual(before);
    const ids = { ...hidden, user: john.hostId, project: `p ${row.document}` };
    expect(codes(await graph.server.graphql(SERVICE_TOKEN, row.document, row.variables(ids, nothingOwn)))).toEqual([]);
  });

  test.each(Object.entries(rows).filter(([, { document }]) => !document.startsWith("subscription")))(
    "%s",
    async (_name, row) => {
      for (const ids of [cast.hidden, cast.never]) {
        const variables = row.variables(ids, nothingOwn);
        expect(codes(await cast.graph.server.graphql(SERVICE_TOKEN, row.document, variables))).toEqual([FORBIDDEN]);
      }
    },
  );

  test("the service token opens no socket", async () => {
    const { graph } = cast;
    const heard = graph.listen(graph.server.socket(SERVICE_TOKEN), "subscription { chatEvents { __typename } }");
    await until(() => heard.done, "the refusal");
    expect(heard.events).toEqual([]);
  });
});

test("every operation has a row, and so has every field that takes an id or a position, and no row is about nothing", () => {
  const covered = new Set(Object.keys({ ...rows, ...hostRows }).map((name) => name.replace(/ .*/, "")));
  expect([...covered].toSorted()).toEqual([...operations()].toSorted());
});

function operations(): ReadonlySet<string> {
  const found = new Set<string>();
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("_")) continue;
    for (const field of Object.values(type.getFields())) {
      // What federation adds: the graph itself, which is nobody's, and entities, of which each type has a row.
      if (field.name.startsWith("_")) continue;
      if (roots.includes(type) || field.args.some(namesSomething)) found.add(`${type.name}.${field.name}`);
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
