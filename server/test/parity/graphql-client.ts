import type { Project } from "../../features/directory/directory.js";
import { postGraphql, type GraphqlAnswer } from "../server.js";
import {
  parseClient,
  parseFields,
  parseFile,
  parseList,
  pick,
  projectRef,
  ref,
  type Client,
  type Fields,
  type Input,
  type Refusal,
  type Speaker,
  type Verb,
} from "./client.js";

const USER = "user { chatUsername }";
export const MESSAGE = `id room { id } ${USER} content type attachment { name size } reactions { id emoji ${USER} createdAt } isEdited editedAt createdAt updatedAt`;
const PARTICIPANT = `id ${USER} joinedAt lastReadAt`;
export const ROOM = `id name type project { id } participants { ${PARTICIPANT} } createdBy { chatUsername }
  lastMessage { id content createdAt } unreadCount displayName createdAt updatedAt`;
const COUNTS = "created changed unchanged";
export const EVENT = `__typename seq
  ... on ChatMessageSent { message { id content type attachment { name size } ${USER} } }
  ... on ChatMessageEdited { message { id content type attachment { name size } ${USER} } }
  ... on ChatMessageDeleted { messageId }
  ... on ChatReactionAdded { messageId reaction { id emoji ${USER} } }
  ... on ChatReactionRemoved { messageId reaction { emoji ${USER} } }
  ... on ChatParticipantAdded { participant { id ${USER} } owner { chatUsername } }
  ... on ChatParticipantRemoved { participant { id ${USER} } owner { chatUsername } }
  ... on ChatRoomChanged { room { id name } }
  ... on ChatRoomDeleted { roomId }
  ... on ChatTypingChanged { isTyping ${USER} }`;

interface GraphqlVerb {
  /** The root field, as `Mutation.sendChatMessage`. */
  readonly field: string;
  readonly document: string;
  readonly variables: (input: Input) => Fields;
  /** What came, in the shape of all transports; undefined for what is null. */
  readonly result: (found: unknown, projects: readonly Project[]) => Fields | undefined;
}

const nothing = (): Fields => ({});
const same = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, name]));

/** @param taken the names of the parts that the input has */
function mutation(
  name: string,
  taken: readonly string[],
  fields: string,
  result: GraphqlVerb["result"] = nothing,
): GraphqlVerb {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  return {
    field: `Mutation.${name}`,
    document: `mutation ($input: ${type}) { ${name}(input: $input) { ${fields} } }`,
    variables(input) {
      const sent = pick(input, same(...taken), "hostId");
      // The names of an enumeration are in capitals; what is no text is none.
      return { input: typeof sent["type"] === "string" ? { ...sent, type: sent["type"].toUpperCase() } : sent };
    },
    result,
  };
}

const query = (field: string, document: string, names: Record<string, string>, result: GraphqlVerb["result"]) => ({
  field: `Query.${field}`,
  document,
  variables: (input: Input) => pick(input, names, "hostId"),
  result,
});

const nodes = (found: unknown): readonly Fields[] => parseList(parseFields(found)["nodes"]);
const ROWS = (found: unknown): Fields => parseFields(found);

export const graphqlVerbs: Readonly<Record<Verb, GraphqlVerb>> = {
  createRoom: mutation(
    "createChatRoom",
    ["type", "name", "projectId", "participantIds"],
    `room { ${ROOM} }`,
    (found, projects) => toRoom(parseFields(found)["room"], projects),
  ),
  renameRoom: mutation("renameChatRoom", ["roomId", "name"], `room { ${ROOM} }`, (found, projects) =>
    toRoom(parseFields(found)["room"], projects),
  ),
  deleteRoom: mutation("deleteChatRoom", ["roomId"], "roomId"),
  addParticipant: mutation("addChatParticipant", ["roomId", "userId"], `participant { ${PARTICIPANT} }`, (found) =>
    toParticipant(parseFields(parseFields(found)["participant"])),
  ),
  removeParticipant: mutation("removeChatParticipant", ["roomId", "userId"], "roomId userId"),
  listRooms: query(
    "chatRooms",
    `query ($projectId: ID) { chatRooms(projectId: $projectId) { nodes { ${ROOM} } } }`,
    same("projectId"),
    (found, projects) => ({ rooms: nodes(found).map((room) => toRoom(room, projects)) }),
  ),
  getRoom: query("chatRoom", `query ($roomId: ID!) { chatRoom(id: $roomId) { ${ROOM} } }`, same("roomId"), toRoom),
  listMessages: query(
    "chatRoom",
    `query ($roomId: ID!, $last: Int) { chatRoom(id: $roomId) { messages(last: $last) { nodes { ${MESSAGE} } } } }`,
    { roomId: "roomId", limit: "last" },
    (found) => (found === null ? undefined : { messages: nodes(parseFields(found)["messages"]).map(toMessage) }),
  ),
  getMessage: query(
    "chatMessage",
    `query ($messageId: ID!) { chatMessage(id: $messageId) { ${MESSAGE} } }`,
    same("messageId"),
    (found) => (found === null ? undefined : toMessage(parseFields(found))),
  ),
  search: query(
    "searchChatMessages",
    `query ($query: String!, $roomId: ID, $first: Int) { searchChatMessages(query: $query, roomId: $roomId, first: $first) { nodes { ${MESSAGE} } } }`,
    { query: "query", roomId: "roomId", limit: "first" },
    (found) => ({ messages: nodes(found).map(toMessage) }),
  ),
  markRead: mutation("markChatRoomRead", ["roomId", "messageId"], "room { id }"),
  send: mutation(
    "sendChatMessage",
    ["roomId", "content", "type", "attachment", "clientMutationId"],
    `message { ${MESSAGE} }`,
    (found) => toMessage(parseFields(parseFields(found)["message"])),
  ),
  edit: mutation("editChatMessage", ["messageId", "content"], `message { ${MESSAGE} }`, (found) =>
    toMessage(parseFields(parseFields(found)["message"])),
  ),
  delete: mutation("deleteChatMessage", ["messageId"], "messageId"),
  react: mutation(
    "addMessageReaction",
    ["messageId", "emoji"],
    `reaction { id emoji ${USER} createdAt message { id } }`,
    (found) => {
      const reaction = parseFields(parseFields(found)["reaction"]);
      return { ...toReaction(reaction), message: ref("message", parseFields(reaction["message"])["id"]) };
    },
  ),
  unreact: mutation("removeMessageReaction", ["messageId", "emoji"], "messageId emoji"),
  typing: mutation("setChatTyping", ["roomId", "isTyping"], "roomId isTyping"),
  resume: query(
    "chatRoomEvents",
    `query ($roomId: ID!, $after: String!) { chatRoomEvents(roomId: $roomId, after: $after) { nodes { ${EVENT} } } }`,
    same("roomId", "after"),
    (found) => ({ events: nodes(found).flatMap((event) => toEvent(event) ?? []) }),
  ),
  upsertUsers: mutation("upsertChatUsers", ["users"], COUNTS, ROWS),
  upsertProjects: mutation("upsertChatProjects", ["projects"], COUNTS, ROWS),
  revokeTokens: mutation("revokeChatTokens", ["revocations"], "revoked", ROWS),
};

/** A client that speaks GraphQL over HTTP. */
export function graphqlClient({ url, token, projects }: Speaker): Client {
  const call = (name: Verb) => async (input: Input) => {
    const { document, variables, result, field } = graphqlVerbs[name];
    const sent = { token, document, variables: { ...variables(input) } };
    const answer = await postGraphql(`${url}/graphql`, { ...sent, file: parseFile(input) });
    const { status: manner, errors } = answer;
    if (errors.length > 0) return { manner, refusal: refusalOf(answer) };
    const found = result(answer.data?.[field.split(".")[1] ?? ""], projects);
    return found === undefined ? { manner, refusal: { code: "NOT_FOUND" } } : { manner, result: found };
  };
  return parseClient(graphqlVerbs, call);
}

/** What GraphQL calls an input that has another name elsewhere. */
const ownNames: Readonly<Record<string, string>> = { first: "limit", last: "limit" };

function refusalOf({ errors }: GraphqlAnswer): Refusal {
  const [error, ...more] = errors;
  if (error === undefined || more.length > 0) throw new Error(`Not one error: ${JSON.stringify(errors)}`);
  const { code, field, retryAfterMs } = error.extensions;
  // Of a list the transports name the whole, or an item of it.
  const [place] = typeof field === "string" ? field.split(/[[.]/) : [];
  return {
    code: String(code),
    field: place === undefined ? undefined : (ownNames[place] ?? place),
    words: error.message,
    retryAfterMs: typeof retryAfterMs === "number" ? retryAfterMs : undefined,
  };
}

const nameOf = (person: unknown): unknown => (person === null ? null : parseFields(person)["chatUsername"]);

export function toRoom(found: unknown, projects: readonly Project[]): Fields | undefined {
  if (found === null || found === undefined) return undefined;
  const room = parseFields(found);
  const last = room["lastMessage"] === null ? null : parseFields(room["lastMessage"]);
  return {
    id: ref("room", room["id"]),
    name: room["name"],
    type: String(room["type"]).toLowerCase(),
    project: projectRef(projects, parseFields(room["project"])["id"]),
    participants: parseList(room["participants"]).map(toParticipant),
    createdBy: nameOf(room["createdBy"]),
    lastMessage: last && { ...last, id: ref("message", last["id"]) },
    unreadCount: room["unreadCount"],
    displayName: room["displayName"],
    createdAt: room["createdAt"],
    updatedAt: room["updatedAt"],
  };
}

function toParticipant({ id, user, joinedAt, lastReadAt }: Fields): Fields {
  return { id: ref("participant", id), user: nameOf(user), joinedAt, lastReadAt };
}

function toReaction({ id, emoji, user, createdAt }: Fields): Fields {
  return { id: ref("reaction", id), emoji, user: nameOf(user), createdAt };
}

export function toMessage(message: Fields): Fields {
  const { id, room, user, content, type, attachment, reactions, isEdited, editedAt, createdAt, updatedAt } = message;
  return {
    id: ref("message", id),
    room: ref("room", parseFields(room)["id"]),
    user: nameOf(user),
    content,
    type: String(type).toLowerCase(),
    attachment,
    reactions: parseList(reactions).map(toReaction),
    isEdited,
    editedAt,
    createdAt,
    updatedAt,
  };
}

/** An event in the shape of all transports; undefined for one that only GraphQL has. */
export function toEvent(event: Fields): Fields | undefined {
  const { seq } = event;
  const ofMessage = { message: ref("message", event["messageId"]) };
  const part = (name: string): Fields => parseFields(event[name]);
  const about = (name: string, keys: readonly string[]): Fields => ({
    ...Object.fromEntries(keys.map((key) => [key, part(name)[key]])),
    user: nameOf(part(name)["user"]),
  });
  switch (event["__typename"]) {
    case "ChatMessageSent":
    case "ChatMessageEdited": {
      const kind = event["__typename"] === "ChatMessageSent" ? "sent" : "edited";
      const { id, type, attachment } = part("message");
      const what = { message: ref("message", id), type: String(type).toLowerCase(), attachment };
      return { kind, seq, ...what, ...about("message", ["content"]) };
    }
    case "ChatMessageDeleted":
      return { kind: "deleted", seq, ...ofMessage };
    case "ChatReactionAdded": {
      const id = ref("reaction", part("reaction")["id"]);
      return { kind: "reacted", seq, ...ofMessage, reaction: id, ...about("reaction", ["emoji"]) };
    }
    case "ChatReactionRemoved":
      return { kind: "unreacted", seq, ...ofMessage, ...about("reaction", ["emoji"]) };
    case "ChatParticipantAdded":
    case "ChatParticipantRemoved": {
      const kind = event["__typename"] === "ChatParticipantAdded" ? "added" : "removed";
      const id = ref("participant", part("participant")["id"]);
      return { kind, seq, participant: id, ...about("participant", []), owner: nameOf(event["owner"]) };
    }
    case "ChatRoomChanged":
      return { kind: "changed", seq, room: ref("room", part("room")["id"]), name: part("room")["name"] };
    case "ChatRoomDeleted":
      return { kind: "gone", seq, room: ref("room", event["roomId"]) };
    case "ChatTypingChanged":
      return { kind: "typing", seq, isTyping: event["isTyping"], user: nameOf(event["user"]) };
    default:
      return undefined;
  }
}
