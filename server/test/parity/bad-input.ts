import { hostVerbs, type Input, type Transport, type Verb } from "./client.js";
import { restVerbs } from "./rest-client.js";
import { bad, type Failure, type Scenario } from "./scenario.js";
import { never, type Stage, type Who } from "./stage.js";

/** For every verb an input that is right. */
export const right: Readonly<Record<Verb, (stage: Stage) => Input>> = {
  createRoom: ({ project }) => ({ type: "group", name: "New", projectId: project, participantIds: [] }),
  renameRoom: ({ room }) => ({ roomId: room.id, name: "Renamed" }),
  deleteRoom: ({ room }) => ({ roomId: room.id }),
  addParticipant: ({ room, people }) => ({ roomId: room.id, userId: people.alice }),
  removeParticipant: ({ room, people }) => ({ roomId: room.id, userId: people.bob }),
  listRooms: ({ project }) => ({ projectId: project }),
  getRoom: ({ room }) => ({ roomId: room.id }),
  listMessages: ({ room }) => ({ roomId: room.id }),
  getMessage: ({ mine }) => ({ messageId: mine.id }),
  search: ({ room }) => ({ query: "hello", roomId: room.id }),
  markRead: ({ room, mine }) => ({ roomId: room.id, messageId: mine.id }),
  send: ({ room }) => ({ roomId: room.id, content: "x" }),
  edit: ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, content: "x" }),
  delete: ({ room, mine }) => ({ roomId: room.id, messageId: mine.id }),
  react: ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, emoji: "👍" }),
  unreact: ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, emoji: "👍" }),
  typing: ({ room }) => ({ roomId: room.id, isTyping: true }),
  resume: ({ room, start }) => ({ roomId: room.id, after: start }),
  upsertUsers: () => ({ users: [] }),
  upsertProjects: () => ({ projects: [] }),
  revokeTokens: () => ({ revocations: [] }),
};

/** No value at all. */
const missing = Symbol("missing");
const OBJECTS = [{}, { id: 1 }, [], [[1]]];
const NO_TEXT = [5, 1.5, true, null, missing, ...OBJECTS];

/** Inputs that are no ids, and what they can't be. */
const wrongValues: readonly (readonly [Verb, string, readonly unknown[]])[] = [
  ["createRoom", "type", [5, true, null, missing, "club", "GROUPS", ...OBJECTS]],
  ["createRoom", "name", NO_TEXT],
  ["createRoom", "participantIds", [5, "x", true, null, {}, [null], [{}], [true], [1.5], [[1]]]],
  ["renameRoom", "name", NO_TEXT],
  ["send", "content", NO_TEXT],
  ["send", "type", [5, true, "video", "texts", ...OBJECTS]],
  ["send", "clientMutationId", ["", "x", 5, true, {}, "7d444840-9dc0-4c1f-8f3e-2f3d1f2a1b0"]],
  ["edit", "content", NO_TEXT],
  ["react", "emoji", NO_TEXT],
  ["unreact", "emoji", NO_TEXT],
  ["typing", "isTyping", ["yes", "true", 1, null, missing, ...OBJECTS]],
  ["listMessages", "limit", [0, -1, 1.5, "many", 201]],
  ["search", "limit", [0, -1, 1.5, "many"]],
  ["upsertUsers", "users", [5, "x", null, missing, {}, [5], [null], [{ username: "x", displayName: "X" }]]],
  [
    "upsertUsers",
    "users",
    [[{ id: {}, username: "x", displayName: "X" }], [{ id: "x", username: 5, displayName: "X" }]],
  ],
  ["upsertProjects", "projects", [5, "x", null, missing, {}, [5], [null], [{ name: "x" }], [{ id: "x", name: {} }]]],
  [
    "upsertProjects",
    "projects",
    [[{ id: "x", name: "x", memberIds: [{}] }], [{ id: "x", name: "x", isDeleted: "no" }]],
  ],
  [
    "revokeTokens",
    "revocations",
    [5, "x", null, missing, {}, [5], [null], [{ tokenId: {} }], [{ userId: "x", issuedBefore: "yesterday" }]],
  ],
];

/** Where an id stands, beside GraphQL where it is an `ID`: as text in an address, or as a number in a body or a frame. */
type Form = "ID" | "text" | "number";
const ids: readonly (readonly [Verb, string])[] = [
  ["createRoom", "projectId"],
  ["renameRoom", "roomId"],
  ["deleteRoom", "roomId"],
  ["addParticipant", "roomId"],
  ["addParticipant", "userId"],
  ["removeParticipant", "roomId"],
  ["removeParticipant", "userId"],
  ["getRoom", "roomId"],
  ["listMessages", "roomId"],
  ["getMessage", "messageId"],
  ["search", "roomId"],
  ["markRead", "roomId"],
  ["markRead", "messageId"],
  ["send", "roomId"],
  ["edit", "messageId"],
  ["delete", "messageId"],
  ["react", "messageId"],
  ["unreact", "messageId"],
  ["typing", "roomId"],
];

const WHOLE = [0, -1, 2 ** 31, 1e21, 1e308];
const DIGITS = [String(never.id), "-1", "9".repeat(50)];
const TEXTS = ["abc", "1.5", "1; drop", "%00", "😀"];
const NOTHING_LIKE_IT = [1.5, true, {}, []];

/**
 * What an id that is none comes to: what could be one is answered as one that never was, and what the place where it stands
 * can't hold is a bad input. People who never were are a bad input, too.
 */
function endOf(form: Form, field: string, value: unknown): Failure | undefined {
  const isWhole = typeof value === "number" && Number.isInteger(value);
  const isDigits = typeof value === "string" && /^-?\d+$/.test(value);
  const fits = isWhole || isDigits || (typeof value === "string" && form !== "number");
  // An address is text: what is no text can't be put there.
  if (form === "text" && typeof value !== "string" && !isWhole) return undefined;
  if (!fits || field === "userId") return bad(field);
  return { code: "NOT_FOUND" };
}

function formOf(transport: Transport, verb: Verb, field: string): Form {
  if (transport === "graphql") return "ID";
  if (transport === "socket") return field === "roomId" ? "text" : "number";
  const row = verb === "typing" || verb === "resume" ? undefined : restVerbs[verb];
  return row?.body !== undefined && field in row.body ? "number" : "text";
}

const shown = (value: unknown): string => {
  const text = typeof value === "symbol" ? "missing" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
};

function withValue(verb: Verb, field: string, value: unknown): Scenario["input"] {
  return (stage) => {
    const { [field]: _right, ...others } = right[verb](stage);
    return value === missing ? others : { ...others, [field]: value };
  };
}

const whoOf = (verb: Verb): Who => (hostVerbs.includes(verb) ? "host" : "john");

/** GraphQL's pages are of a hundred at most, REST's lists of two hundred. */
const wrongScenarios = wrongValues.flatMap(([verb, field, values]) =>
  values.map((value): Scenario => {
    const input = withValue(verb, field, value);
    return { verb, name: `${field} ${shown(value)}`, input, who: whoOf(verb), ends: { ...bad(field), ownWords: true } };
  }),
);

const idScenarios = ids.flatMap(([verb, field]) =>
  [...WHOLE, ...DIGITS, ...TEXTS, ...NOTHING_LIKE_IT].flatMap((value) => {
    const ends = (["graphql", "rest", "socket"] as const).flatMap((transport) => {
      const end = endOf(formOf(transport, verb, field), field, value);
      return end === undefined ? [] : [{ transport, end }];
    });
    // One scenario for the transports that say the same: all of them, but where a number stands for what elsewhere is text.
    const byCode = Map.groupBy(ends, ({ end }) => end.code);
    return [...byCode.values()].map((same): Scenario => {
      const [first] = same;
      const over = same.map(({ transport }) => transport);
      const name = `${field} ${shown(value)}${byCode.size > 1 ? ` (${over.join(" and ")})` : ""}`;
      return {
        verb,
        name,
        input: withValue(verb, field, value),
        over,
        ends: {
          code: first?.end.code ?? "NOT_FOUND",
          ...(first?.end.field === undefined ? {} : { field }),
          ownWords: true,
        },
      };
    });
  }),
);

/** Every field of every verb, with everything that it can't be. */
export const badInputs: readonly Scenario[] = [...wrongScenarios, ...idScenarios];
