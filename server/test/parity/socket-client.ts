import { randomUUID } from "node:crypto";
import type { User } from "../../features/directory/directory.js";
import type { Command } from "../../transports/socket/protocol.js";
import { dial, type RawFrame, type RawLine } from "../raw-socket.js";
import { until } from "../until.js";
import {
  parseClient,
  parseFields,
  pick,
  ref,
  type Answer,
  type Client,
  type Fields,
  type Input,
  type Refusal,
  type SocketVerb,
  type Speaker,
} from "./client.js";
import { toMessage, toReaction } from "./rest-client.js";

/** What is said on an open socket; to resume is to open one. */
export const commandNames = ["send", "edit", "delete", "react", "unreact", "typing"] as const;
type CommandName = (typeof commandNames)[number];

interface SocketVerbRow {
  readonly command: Exclude<Command["type"], "authenticate">;
  readonly parts: Readonly<Record<string, string>>;
  /** What the frame that follows says. */
  readonly result: (frame: Fields) => Fields;
}

const nothing = (): Fields => ({});
const KEY = { clientMutationId: "client_mutation_id" };
const MESSAGE_ID = { messageId: "message_id" };

/** Every command but `authenticate`, with which one only gets in. */
export const socketCommands: Readonly<Record<CommandName, SocketVerbRow>> = {
  send: {
    command: "message_send",
    parts: { content: "content", type: "message_type", ...KEY },
    result: (frame) => toMessage(parseFields(frame["message"])),
  },
  edit: {
    command: "message_edit",
    parts: { ...MESSAGE_ID, content: "content", ...KEY },
    result: (frame) => toMessage(parseFields(frame["message"])),
  },
  delete: { command: "message_delete", parts: { ...MESSAGE_ID, ...KEY }, result: nothing },
  react: {
    command: "reaction_add",
    parts: { ...MESSAGE_ID, emoji: "emoji", ...KEY },
    result: (frame) => ({
      ...toReaction(parseFields(frame["reaction"])),
      message: ref("message", frame["message_id"]),
    }),
  },
  unreact: { command: "reaction_remove", parts: { ...MESSAGE_ID, emoji: "emoji", ...KEY }, result: nothing },
  typing: { command: "typing", parts: { isTyping: "is_typing", ...KEY }, result: nothing },
};

/** The code that the end of a socket stands for; by the contract, not by the server's table. */
const codes: Readonly<Record<number, string>> = {
  1003: "UNSUPPORTED_MEDIA_TYPE",
  1009: "PAYLOAD_TOO_LARGE",
  1011: "INTERNAL_SERVER_ERROR",
  1013: "UNAVAILABLE",
  4400: "BAD_USER_INPUT",
  4401: "UNAUTHENTICATED",
  4404: "NOT_FOUND",
  4409: "RESYNC_REQUIRED",
};

/** A client that speaks with the raw WebSocket: for each thing that it does, it comes into the room and goes again. */
export function socketClient(speaker: Speaker): Client<SocketVerb> {
  const call = (name: SocketVerb) => async (input: Input) => {
    const line = dial(speaker.url, encodeURIComponent(String(input["roomId"])), {
      ...tokenOf(speaker),
      query: placeOf(name, input),
    });
    try {
      await line.opened();
      return await (name === "resume" ? resumed(line, speaker) : told(line, name, input));
    } finally {
      line.socket.close();
    }
  };
  return parseClient({ ...socketCommands, resume: true }, call);
}

const tokenOf = ({ token }: Speaker): { readonly token?: string } => (token === undefined ? {} : { token });

/** From where to resume: the cursor of all other transports, of which the socket takes the parts. */
function placeOf(name: SocketVerb, { after }: Input): string {
  if (name !== "resume") return "";
  const [, epoch = "", seq = ""] = Buffer.from(String(after), "base64url").toString().split(":");
  return `?${new URLSearchParams({ after: seq, epoch }).toString()}`;
}

/** Says one thing on a socket that is open, and waits for what comes of it. */
export async function told(line: RawLine, name: CommandName, input: Input): Promise<Answer> {
  const { command, parts, result } = socketCommands[name];
  const key = "clientMutationId" in input ? input["clientMutationId"] : randomUUID();
  const before = line.ofType("error").length;
  line.send({ type: command, ...pick({ ...input, clientMutationId: key }, parts, "id") });
  // Commands are carried out one at a time: the answer to this one says that the other is done, whatever it brings.
  const last = randomUUID();
  line.send({ type: "nothing that there is", client_mutation_id: last });
  const isDone = () => line.ofType("error").some(({ client_mutation_id }) => client_mutation_id === last);
  await until(() => isDone() || line.closed.code !== undefined, `the end of ${command}`);
  if (!isDone()) return closedAnswer(line);
  const errors = line.ofType("error").slice(before);
  const error = errors.find(({ client_mutation_id }) => client_mutation_id !== last);
  if (error !== undefined) return { manner: "frame", refusal: refusalOf(error) };
  if (name === "typing") return { manner: "frame", result: {} };
  const isOurs = (frame: RawFrame) => frame["client_mutation_id"] === String(key).toLowerCase();
  return { manner: "frame", result: result(await until(() => line.frames.find(isOurs), `what ${command} brings`)) };
}

function refusalOf({ code, detail, retry_after_ms: retryAfterMs }: Fields): Refusal {
  return {
    code: String(code),
    words: String(detail),
    retryAfterMs: typeof retryAfterMs === "number" ? retryAfterMs : undefined,
  };
}

function closedAnswer({ closed: { code = 0, reason } }: RawLine): Answer {
  return { manner: code, refusal: { code: codes[code] ?? `close ${code}`, words: reason } };
}

async function resumed(line: RawLine, { people, token }: Speaker): Promise<Answer> {
  // Who brings no token is waited for until they say something.
  if (token === undefined) line.send("Hello?");
  const ready = await until(() => line.ofType("ready")[0] ?? (line.closed.code !== undefined && "closed"), "ready");
  if (ready === "closed") return closedAnswer(line);
  const missing = Number(ready["seq"]) - Number(ready["after"]);
  const events = () => line.frames.filter((frame) => "seq" in frame && frame.type !== "ready");
  await until(() => events().length >= missing, "what was missed");
  return { manner: "frame", result: { events: events().flatMap((frame) => toEvent(frame, people) ?? []) } };
}

const nameOf = (person: unknown): unknown => parseFields(person)["username"];

/**
 * A frame in the shape of all transports; undefined for one that GraphQL has not.
 * @param people whose names belong to the numbers that some frames bear alone
 */
export function toEvent(frame: Fields, people: readonly User[]): Fields | undefined {
  const usernameOf = (number: unknown): string | null => people.find(({ id }) => id === number)?.username ?? null;
  const seq = frame["seq"] ?? null;
  const message = ref("message", frame["message_id"]);
  switch (frame["type"]) {
    case "message_new":
    case "message_edited": {
      const { id, content, type, user, attachment } = toMessage(parseFields(frame["message"]));
      const kind = frame["type"] === "message_new" ? "sent" : "edited";
      return { kind, seq, message: id, content, type, attachment, user };
    }
    case "message_deleted":
      return { kind: "deleted", seq, message };
    case "reaction_added": {
      const { id, emoji, user } = parseFields(frame["reaction"]);
      return { kind: "reacted", seq, message, reaction: ref("reaction", id), emoji, user: nameOf(user) };
    }
    case "reaction_removed":
      return { kind: "unreacted", seq, message, emoji: frame["emoji"], user: usernameOf(frame["user_id"]) };
    case "participant_added":
    case "participant_removed": {
      const { id, user } = parseFields(frame["participant"]);
      const kind = frame["type"] === "participant_added" ? "added" : "removed";
      const owner = usernameOf(frame["owner_id"]);
      return { kind, seq, participant: ref("participant", id), user: nameOf(user), owner };
    }
    case "room_changed": {
      const { id, name } = parseFields(frame["room"]);
      return { kind: "changed", seq, room: ref("room", id), name };
    }
    case "room_deleted":
      return { kind: "gone", seq, room: ref("room", frame["room_id"]) };
    case "user_typing":
      return { kind: "typing", seq, isTyping: frame["is_typing"], user: frame["username"] };
    default:
      return undefined;
  }
}
