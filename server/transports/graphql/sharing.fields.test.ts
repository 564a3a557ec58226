import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  getNamedType,
  getOperationAST,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  validate,
  visit,
  type DocumentNode,
} from "graphql";
import { subscriptions } from "../../bench/documents.js";
import { ALL_EVENTS, ALL_EVENTS_FOR_EACH, ROOM_EVENTS, ROOM_EVENTS_FOR_EACH } from "../../test/event-documents.js";
import { createSchema } from "./schema.js";
import { decisions, isShareable, ownEvents } from "./sharing.fields.js";

const { schema } = createSchema();

const isShared = (document: DocumentNode | string): boolean => {
  const parsed = typeof document === "string" ? parse(document) : document;
  expect(validate(schema, parsed)).toEqual([]);
  const operation = getOperationAST(parsed);
  if (!operation) throw new Error("There is no one operation.");
  return isShareable(schema, parsed, operation);
};

/** All fields of all types that events lead to, through fields that may be shared. */
function reachedFields(): readonly string[] {
  const reached = new Map<string, readonly string[]>();
  const reach = (name: string): void => {
    const type = schema.getType(name);
    if (reached.has(name) || ownEvents.has(name) || !(isObjectType(type) || isInterfaceType(type))) return;
    reached.set(name, Object.keys(type.getFields()));
    const { same = [], idAlone = [], differs = [] } = decisions[name] ?? {};
    for (const [field, { type: of }] of Object.entries(type.getFields()))
      if (![...idAlone, ...differs].includes(field)) reach(getNamedType(of).name);
    if (isInterfaceType(type)) for (const { name: one } of schema.getPossibleTypes(type)) reach(one);
    expect(new Set([...same, ...idAlone, ...differs]).size).toBe(same.length + idAlone.length + differs.length);
  };
  for (const { type } of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) reach(getNamedType(type).name);
  return [...reached].flatMap(([name, fields]) => fields.map((field) => `${name}.${field}`)).toSorted();
}

/** The web client's subscription, out of its sources, as it leaves it. */
function webSubscription(): DocumentNode {
  const root = join(import.meta.dirname, "../../../web/src");
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith("gql"))
    .map((name) => readFileSync(join(root, name), "utf8"));
  const written = sources.flatMap((source) =>
    [...source.matchAll(/graphql\(`([^`]*)`\)/g)].map(([, text = ""]) => text),
  );
  const all = parse(written.join("\n")).definitions;
  const found = new Set(
    all.filter((one) => one.kind === Kind.OPERATION_DEFINITION && one.operation === "subscription"),
  );
  expect(found.size).toBe(1);
  for (const definition of found)
    visit(definition, {
      FragmentSpread({ name }) {
        for (const one of all)
          if (one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name.value) found.add(one);
      },
    });
  const isUnmask = ({ name }: { readonly name: { readonly value: string } }): boolean => name.value === "unmask";
  return visit(
    { kind: Kind.DOCUMENT, definitions: [...found] },
    { Directive: (directive) => (isUnmask(directive) ? null : undefined) },
  );
}

test("every field that events lead to is decided on, and nothing else", () => {
  const decided = Object.entries(decisions).flatMap(([type, { same = [], idAlone = [], differs = [] }]) =>
    [...same, ...idAlone, ...differs].map((field) => `${type}.${field}`),
  );
  expect(decided.toSorted()).toEqual(reachedFields());
});

describe("a subscription is shared", () => {
  test("if it is the web client's", () => {
    expect(isShared(webSubscription())).toBe(true);
  });

  test.each([
    ["the benchmark's, of a room", subscriptions.chatRoomEvents],
    ["the benchmark's, of all rooms", subscriptions.chatEvents],
    ["all that is the same, of a room", ROOM_EVENTS],
    ["all that is the same, of all rooms", ALL_EVENTS],
    ["a field under another name", `subscription { mine: chatRoomEvents(roomId: "1") { n: seq } }`],
    [
      "the viewer's own events with whatever they show",
      `subscription { chatEvents { ...on ChatRoomJoined { room { unreadCount messages(last: 3) { nodes { content } } } } } }`,
    ],
  ])("if it asks for %s", (_what, document) => expect(isShared(document)).toBe(true));

  test.each([
    ["who has reacted", "reactionGroups { viewerHasReacted }"],
    ["reactions, which are read for who asks", "reactions { id }"],
    ["more of the room than its id", "room { id unreadCount }"],
    ["more of the room in two places", "room { id } room { name }"],
    ["the room by a fragment", "room { ...on ChatRoom { id } }"],
    ["something that a variable leaves out", "content @include(if: $yes)"],
    ["a room's id that a variable leaves out", "room { id @skip(if: $yes) }"],
    ["a part that a variable leaves out", "... @include(if: $yes) { content }"],
  ])("but not if it asks for %s", (_what, fields) => {
    const variables = fields.includes("$yes") ? "($yes: Boolean = true) " : "";
    const document = `subscription ${variables}{ chatRoomEvents(roomId: "1") { seq ... on ChatMessageSent { message { id ${fields} } } } }`;
    expect(isShared(document)).toBe(false);
  });

  test.each([
    ["what is read for each, of a room", ROOM_EVENTS_FOR_EACH],
    ["what is read for each, of all rooms", ALL_EVENTS_FOR_EACH],
    ["a direct room's name", "subscription { chatEvents { ...on ChatRoomChanged { room { displayName } } } }"],
    [
      "it in a fragment that own events have, too",
      `subscription { chatEvents { ...on ChatRoomJoined { room { ...R } } ...on ChatRoomChanged { room { ...R } } } } fragment R on ChatRoom { unreadCount }`,
    ],
  ])("but not if it asks for %s", (_what, document) => expect(isShared(document)).toBe(false));

  test("as fast as it is long, however its fragments lead to one another", () => {
    const doubled = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on ChatMessageSent { ...F${n + 1} ...F${n + 1} }`,
    );
    const document = parse(
      `subscription { chatRoomEvents(roomId: "1") { ...F0 } } ${doubled.join(" ")} fragment F60 on ChatMessageSent { seq }`,
    );
    const operation = getOperationAST(document);
    expect(operation && isShareable(schema, document, operation)).toBe(true);
  });
});
