import type fc from "fast-check";
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
] as const;

function withVariables(choose: Choices): HostileOperation {
  const length = 130 + choose.number(300);
  const of = Array.from({ length }, (_, id) => ({ __typename: "ChatRoom", id: String(id) }));
  const query = `query ($of: [_Any!]!) {
    _entities(representations: $of) { ... on ChatRoom { messages(first: 100) { nodes { room { id } user { id } } } } } }`;
  return { query, variables: { of } };
}

/** Operations that have to be refused, whichever way they come. */
export const hostileOperations: fc.Arbitrary<HostileOperation> = choices.map((numbers) => {
  const choose = new Choices(numbers);
  const family = choose.of([withVariables, ...FAMILIES]);
  const made = family(choose);
  return typeof made === "string" ? { query: made, variables: {} } : made;
});
