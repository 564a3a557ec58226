import type { Project } from "../../features/directory/directory.js";
import { blobOf, type TestFile } from "../files.js";
import {
  parseClient,
  parseFields,
  parseFile,
  parseList,
  pick,
  projectRef,
  ref,
  shownAs,
  type Client,
  type Fields,
  type Input,
  type Refusal,
  type RestVerb,
  type Speaker,
} from "./client.js";

interface RestVerbRow {
  /** As the table of routes has it. */
  readonly route: string;
  /** What stands for `{id}`. */
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The status of success: what the contract says, unless a scenario knows better. */
  readonly status: number;
  readonly result: (body: unknown, projects: readonly Project[]) => Fields;
}

const nothing = (): Fields => ({});

export const restVerbs: Readonly<Record<RestVerb, RestVerbRow>> = {
  createRoom: {
    route: "POST /rooms",
    body: { type: "type", name: "name", projectId: "project", participantIds: "participant_ids" },
    status: 201,
    result: toRoom,
  },
  renameRoom: { route: "PATCH /rooms/{id}", id: "roomId", body: { name: "name" }, status: 200, result: toRoom },
  deleteRoom: { route: "DELETE /rooms/{id}", id: "roomId", status: 204, result: nothing },
  addParticipant: {
    route: "POST /rooms/{id}/add_participant",
    id: "roomId",
    body: { userId: "user_id" },
    status: 201,
    result: (body) => toParticipant(parseFields(body)),
  },
  removeParticipant: {
    route: "POST /rooms/{id}/remove_participant",
    id: "roomId",
    body: { userId: "user_id" },
    status: 204,
    result: nothing,
  },
  listRooms: {
    route: "GET /rooms",
    query: { projectId: "project" },
    status: 200,
    result: (body, projects) => ({ rooms: parseList(body).map((room) => toRoom(room, projects)) }),
  },
  getRoom: { route: "GET /rooms/{id}", id: "roomId", status: 200, result: toRoom },
  listMessages: {
    route: "GET /messages",
    query: { roomId: "room", limit: "limit" },
    status: 200,
    result: (body) => ({ messages: parseList(body).map(toMessage) }),
  },
  getMessage: {
    route: "GET /messages/{id}",
    id: "messageId",
    status: 200,
    result: (body) => toMessage(parseFields(body)),
  },
  search: {
    route: "GET /messages",
    query: { query: "search", roomId: "room", limit: "limit" },
    status: 200,
    result: (body) => ({ messages: parseList(body).map(toMessage) }),
  },
  markRead: {
    route: "POST /rooms/{id}/mark_read",
    id: "roomId",
    body: { messageId: "message_id" },
    status: 200,
    result: nothing,
  },
  send: {
    route: "POST /messages",
    body: { roomId: "room", content: "content", type: "type" },
    headers: { clientMutationId: "idempotency-key" },
    status: 201,
    result: (body) => toMessage(parseFields(body)),
  },
  edit: {
    route: "PATCH /messages/{id}",
    id: "messageId",
    body: { content: "content" },
    status: 200,
    result: (body) => toMessage(parseFields(body)),
  },
  delete: { route: "DELETE /messages/{id}", id: "messageId", status: 204, result: nothing },
  react: {
    route: "POST /messages/{id}/add_reaction",
    id: "messageId",
    body: { emoji: "emoji" },
    status: 201,
    result(body) {
      const reaction = parseFields(body);
      return { ...toReaction(reaction), message: ref("message", reaction["message"]) };
    },
  },
  unreact: {
    route: "POST /messages/{id}/remove_reaction",
    id: "messageId",
    body: { emoji: "emoji" },
    status: 204,
    result: nothing,
  },
  upsertUsers: { route: "PUT /admin/users", body: { users: "users" }, status: 200, result: parseFields },
  upsertProjects: { route: "PUT /admin/projects", body: { projects: "projects" }, status: 200, result: parseFields },
  revokeTokens: {
    route: "POST /admin/revoke_tokens",
    body: { revocations: "revocations" },
    status: 200,
    result: parseFields,
  },
};

/** A client that speaks REST. */
export function restClient({ url, token, projects }: Speaker): Client<RestVerb> {
  const call = (name: RestVerb) => async (input: Input) => {
    const row = restVerbs[name];
    const { address, request } = requestOf(row, input);
    const credentials = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${url}${address}`, {
      ...request,
      headers: { ...request.headers, ...credentials },
    });
    const { status: manner } = response;
    const text = await response.text();
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    if (manner >= 400) return { manner, refusal: refusalOf(manner, parseFields(body), response.headers) };
    return { manner, result: row.result(body, projects) };
  };
  return parseClient(restVerbs, call);
}

function requestOf({ route, id, query = {}, body, headers = {} }: RestVerbRow, input: Input) {
  const [method = "", path = ""] = route.split(" ");
  const asked = Object.entries(pick(input, query, "id")).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  const place = path.replace("{id}", encodeURIComponent(String(shownAs("id", input[id ?? ""]))));
  const search = asked.length === 0 ? "" : `?${new URLSearchParams(asked).toString()}`;
  const extra = Object.entries(pick(input, headers, "id")).map(([name, value]) => [name, String(value)]);
  const sent = body && bodyOf(pick(input, body, "id"), parseFile(input));
  const contentType = typeof sent === "string" ? { "content-type": "application/json" } : {};
  return {
    address: `/api/chat${place}/${search}`,
    request: {
      method,
      ...(sent === undefined ? {} : { body: sent }),
      headers: { ...Object.fromEntries(extra), ...contentType },
    },
  };
}

/** JSON, or a form with the file as its last part. */
function bodyOf(fields: Fields, file: TestFile | undefined): string | FormData {
  if (file === undefined) return JSON.stringify(withSnakeCase(fields));
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  form.append("attachment", blobOf(file), file.name);
  return form;
}

/** Only rows of the host product have names that are written in another way; values stay. */
function withSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSnakeCase);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      withSnakeCase(inner),
    ]),
  );
}

/** The code that a status stands for; by the contract, not by the server's table. */
const codes: Readonly<Record<number, string>> = {
  400: "BAD_USER_INPUT",
  401: "UNAUTHENTICATED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  410: "RESYNC_REQUIRED",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  422: "IDEMPOTENCY_KEY_REUSED",
  429: "RATE_LIMITED",
  500: "INTERNAL_SERVER_ERROR",
  503: "UNAVAILABLE",
};

/** What REST calls the inputs. */
const fields: Readonly<Record<string, string>> = {
  room: "roomId",
  project: "projectId",
  participant_ids: "participantIds",
  user_id: "userId",
  message_id: "messageId",
  search: "query",
  "idempotency-key": "clientMutationId",
};

/** As Django REST framework writes it: words alone, or for a bad input a list of them under the field's name. */
export function refusalOf(status: number, body: Fields, headers: Headers): Refusal {
  const code = codes[status] ?? `status ${status}`;
  const seconds = headers.get("retry-after");
  const retryAfterMs = seconds === null ? undefined : Number(seconds) * 1_000;
  const [[name, said] = ["", ""], ...more] = Object.entries(body);
  if (more.length > 0) throw new Error(`Not one fault: ${JSON.stringify(body)}`);
  if (name === "detail") return { code, field: undefined, words: String(said), retryAfterMs };
  if (code !== "BAD_USER_INPUT" || !Array.isArray(said) || said.length !== 1)
    throw new Error(`${status} is no refusal of Django's: ${JSON.stringify(body)}`);
  const [place = ""] = name.split(/[[.]/);
  const field = name === "non_field_errors" ? undefined : (fields[place] ?? place);
  return { code, field, words: String(said[0]), retryAfterMs };
}

const nameOf = (person: unknown): unknown => (person === null ? null : parseFields(person)["username"]);

function toRoom(found: unknown, projects: readonly Project[]): Fields {
  const room = parseFields(found);
  const last = room["last_message"] === null ? null : parseFields(room["last_message"]);
  return {
    id: ref("room", room["id"]),
    name: room["name"],
    type: room["type"],
    project: projectRef(projects, room["project"]),
    participants: parseList(room["participants"]).map(toParticipant),
    createdBy: nameOf(room["created_by"]),
    lastMessage: last && { id: ref("message", last["id"]), content: last["content"], createdAt: last["created_at"] },
    unreadCount: room["unread_count"],
    displayName: room["display_name"],
    createdAt: room["created_at"],
    updatedAt: room["updated_at"],
  };
}

function toParticipant({ id, user, joined_at, last_read_at }: Fields): Fields {
  return { id: ref("participant", id), user: nameOf(user), joinedAt: joined_at, lastReadAt: last_read_at };
}

export function toReaction({ id, emoji, user, created_at }: Fields): Fields {
  return { id: ref("reaction", id), emoji, user: nameOf(user), createdAt: created_at };
}

/** A message as REST and the raw WebSocket show it. */
export function toMessage(message: Fields): Fields {
  return {
    id: ref("message", message["id"]),
    room: ref("room", message["room"]),
    user: nameOf(message["user"]),
    content: message["content"],
    type: message["type"],
    attachment:
      message["attachment_size"] === null
        ? null
        : { name: message["attachment_name"], size: message["attachment_size"] },
    reactions: parseList(message["reactions"]).map(toReaction),
    isEdited: message["is_edited"],
    editedAt: message["edited_at"],
    createdAt: message["created_at"],
    updatedAt: message["updated_at"],
  };
}
