import fc from "fast-check";
import { Choices, choices } from "./choices.js";

/** An operation that asks for more than anybody needs. */
export interface HostileOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const repeated = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(" ");

const LOOPS = [
  ["room", "lastMessage"],
  ["room", "messages { nodes", "}"],
  ["room", "lastMessage", ""],
] as const;

/** Levels within levels: a message, its room, its last message, ... */
function deep(choose: Choices): string {
  const [up, down, close = ""] = choose.of(LOOPS);
  const levels = 13 + choose.number(60);
  const inner = repeated(levels, (index) => (index % 2 === 0 ? `{ ${up}` : `{ ${down}`));
  const closing = repeated(levels, (index) => ((levels - 1 - index) % 2 === 0 ? "}" : `} ${close}`));
  return `{ chatMessage(id: "1") ${inner} { id } ${closing} }`;
}

/** Each fragment spreads the next one several times. */
function bomb(choose: Choices): string {
  const [levels, wide] = [8 + choose.number(10), 2 + choose.number(2)];
  const fragments = repeated(levels, (n) => `fragment f${n} on ChatRoom { ${repeated(wide, () => `...f${n + 1}`)} }`);
  return `{ chatRoom(id: "1") { ...f0 } } ${fragments} fragment f${levels} on ChatRoom { a: id }`;
}

/** Fragments that lead back to themselves; no such document is valid. */
function circle(choose: Choices): string {
  const around = 1 + choose.number(40);
  const fragments = repeated(around, (n) => `fragment f${n} on ChatRoom { id ...f${(n + 1) % around} ...f0 }`);
  return `{ chatRoom(id: "1") { ...f0 } } ${fragments}`;
}

const aliases = (choose: Choices): string =>
  `{ chatViewer { ${repeated(16 + choose.number(200), (n) => `a${n}: chatDisplayName`)} } }`;

const rootFields = (choose: Choices): string => `{ ${repeated(11 + choose.number(150), () => "chatViewer { id }")} }`;

function directives(choose: Choices): string {
  const written = repeated(6 + choose.number(100), () => "... @include(if: true) { id }");
  return choose.rarely(2) ? `{ chatViewer { ${written} } }` : `{ chatRoom(id: "1") { project { ${written} } } }`;
}

/** Pages of pages of pages. */
function pages(choose: Choices): string {
  const sizes = [100 - choose.number(30), 100 - choose.number(30), 100 - choose.number(30)];
  return `{ chatProjects { chatRooms(first: ${sizes[0]}) { nodes { messages(last: ${sizes[1]}) { nodes { room { messages(first: ${sizes[2]}) { nodes { id user { id } } } } } } } } } }`;
}

const tokens = (choose: Choices): string => `{ chatViewer { ${"id ".repeat(1_001 + choose.number(5_000))} } }`;

/** Each name costs the words that it might have been meant for. */
const unknown = (choose: Choices): string =>
  `{ chatViewer { ${repeated(1 + choose.number(900), (n) => `chatDisplayNam${n}`)} } }`;

/** Every field is compared with every other one of its name. */
function overlapping(choose: Choices): string {
  const fields = repeated(60 + choose.number(60), (n) => `messages(first: ${n % 2}) { nodes { id } }`);
  return `{ chatRoom(id: "1") { ${fields} } }`;
}

const variables = (choose: Choices): string =>
  `query (${repeated(1 + choose.number(240), (n) => `$v${n}: Int`)}) { chatViewer { id } }`;

const brackets = (choose: Choices): string =>
  `{ chatRoom(id: ${"[".repeat(200 + choose.number(700))} }${"{ a ".repeat(choose.number(100))}`;

/** Each level has two fields of one name, whose selections are to be merged: twice as many comparisons with each. */
function merging(choose: Choices): string {
  const levels = 13 + choose.number(7);
  const level = (left: number): string =>
    left === 0 ? "id" : `${left % 2 === 0 ? "room" : "lastMessage"} { ${level(left - 1)} }`;
  return `{ chatRoom(id: "1") { ${level(levels)} ${level(levels)} ${level(levels)} } }`;
}

/** The same through fragments, each of which is compared with each of the others. */
function mergingFragments(choose: Choices): string {
  const count = 30 + choose.number(60);
  const spreads = repeated(count, (n) => `...f${n}`);
  const fragments = repeated(count, (n) => `fragment f${n} on ChatRoom { x: ${n % 2 === 0 ? "id" : "name"} }`);
  return `{ chatRoom(id: "1") { ${spreads} } } ${fragments}`;
}

const unusedFragments = (choose: Choices): string =>
  `{ chatViewer { id } } ${repeated(1 + choose.number(120), (n) => `fragment f${n} on User { id }`)}`;

const manyOperations = (choose: Choices): string =>
  repeated(2 + choose.number(120), (n) => `query q${n} { chatViewer { id } }`);

const unknownDirectives = (choose: Choices): string =>
  `{ chatViewer { id ${repeated(1 + choose.number(5), (n) => `... @${n % 2 === 0 ? "defer" : "stream"} { id }`)} } }`;

const directivesOfAll = (choose: Choices): string =>
  `query ${"@skip(if: false) ".repeat(6 + choose.number(100))} { chatViewer { id } }`;

/** The sizes of lists: written, by variables that are absent, null or preset, or not given at all. */
function sizes(choose: Choices): HostileOperation {
  const first = choose.of(["first: $n", "last: $n", "first: 2147483647", "first: -1", "first: 100"]);
  const preset = choose.of(["", " = 100", " = null", " = 101"]);
  const written = (name: string): string => `${name}(${first})`;
  const query = `query ($n: Int${preset}) { ${written("chatRooms")} { nodes {
    ${written("messages")} { nodes { room { ${written("messages")} { nodes { id user { id } } } } } } } } }`;
  return { query, variables: choose.of([{}, { n: null }, { n: 100 }, { n: 1e9 }]) };
}

const schemaOfSchema = (choose: Choices): string => {
  const levels = 3 + choose.number(40);
  const inner = repeated(levels, () => "fields { type {");
  return `{ __schema { types { ${inner} name ${"} }".repeat(levels)} } } }`;
};

/** The whole schema again and again. */
const schemas = (choose: Choices): string =>
  `{ ${repeated(2 + choose.number(9), (n) => `a${n}: __schema { types { name fields { name args { name } } } }`)} }`;

const largeNumbers = (choose: Choices): string =>
  `{ chatRooms(first: ${"9".repeat(20 + choose.number(60_000))}) { nodes { id } } }`;

const names = (choose: Choices): string => `{ ${"a".repeat(1_000 + choose.number(80_000))} { id } }`;

const strings = (choose: Choices): string =>
  `{ chatRoom(id: "${choose.of(["x", "字", "\\u0000", "é"]).repeat(1_000 + choose.number(15_000))}", x: 1) { id } }`;

/** What parsers pass over is read all the same. */
function blanks(choose: Choices): string {
  const blank = choose
    .of([" ", "\n", ",", "\t", "#\n", "# {\n", "\ufeff", "#字\n"])
    .repeat(1_000 + choose.number(8_000));
  return `{ ${blank} nothing ${blank} }`;
}

const letters = (choose: Choices): string =>
  `{ chatViewer { ${choose.of(["ïd", "id\u0000", "\u202eid", "👍", "\ud800", "іd", "id\u200b"])} } }`;

/** An input within an input within an input, or as many in a list. */
function inputs(choose: Choices): string {
  const levels = 60 + choose.number(200);
  const value = choose.rarely(2)
    ? `${"{ a: ".repeat(levels)}1${" }".repeat(levels)}`
    : `[${"{ a: 1 } ".repeat(levels)}]`;
  return `mutation { sendChatMessage(input: ${value}) { message { id } } }`;
}

function inputVariables(choose: Choices): HostileOperation {
  const levels = 100 + choose.number(1_500);
  const deep: unknown = JSON.parse(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);
  const wide = Object.fromEntries(Array.from({ length: levels }, (_, n) => [`a${n}`, n]));
  const query = "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id } } }";
  return {
    query,
    variables: { input: choose.of([deep, wide, [deep], Array.from({ length: levels }, () => wide.a0)]) },
  };
}

const subscriptions = (choose: Choices): string =>
  `subscription { ${repeated(2 + choose.number(60), () => choose.of(["chatEvents { cursor }", 'a: chatRoomEvents(roomId: "1") { seq }', "b: chatEvents { seq }"]))} c: chatEvents { cursor } }`;

const FAMILIES = [
  deep,
  bomb,
  circle,
  aliases,
  rootFields,
  directives,
  pages,
  tokens,
  unknown,
  overlapping,
  variables,
  brackets,
  merging,
  mergingFragments,
  unusedFragments,
  manyOperations,
  unknownDirectives,
  directivesOfAll,
  sizes,
  schemaOfSchema,
  schemas,
  largeNumbers,
  names,
  strings,
  blanks,
  letters,
  inputs,
  inputVariables,
  subscriptions,
] as const;

function withVariables(choose: Choices): HostileOperation {
  const length = 130 + choose.number(300);
  const of = Array.from({ length }, (_, id) => ({ __typename: "ChatRoom", id: String(id) }));
  const query = `query ($of: [_Any!]!) {
    _entities(representations: $of) { ... on ChatRoom { messages(first: 100) { nodes { room { id } user { id } } } } } }`;
  return { query, variables: { of } };
}

const ALL = [withVariables, ...FAMILIES] as const;

function make(family: (typeof ALL)[number], choose: Choices): HostileOperation {
  const made = family(choose);
  return typeof made === "string" ? { query: made, variables: {} } : made;
}

/** Operations that have to be refused, whichever way they come. */
export const hostileOperations: fc.Arbitrary<HostileOperation> = choices.map((numbers) => {
  const choose = new Choices(numbers);
  return make(choose.of(ALL), choose);
});

const CORPUS = 200;
const CHOICES_EACH = 80;

/** 200 of them, as many of each kind; the same seed makes the same. */
export function hostileCorpus(seed: number): readonly HostileOperation[] {
  const each = fc.array(fc.nat(0xffff), { minLength: CHOICES_EACH, maxLength: CHOICES_EACH });
  return fc
    .sample(each, { numRuns: CORPUS, seed })
    .map((numbers, index) => make(ALL[index % ALL.length] ?? deep, new Choices(numbers)));
}
