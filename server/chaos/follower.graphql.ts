import { createClient, type Client } from "graphql-ws";
import { z } from "zod";
import { parseCursor } from "../features/feed/stream.js";
import type { Connection, Ending, FollowerPlan } from "./following.js";
import { QuietWebSocket, troubleOf } from "./lines.js";

const EVENT = `__typename cursor seq
  ... on ChatSubscriptionReady { heads { roomId cursor seq } }
  ... on ChatMessageSent { message { id content } }
  ... on ChatMessageEdited { message { id } }
  ... on ChatMessageDeleted { messageId }
  ... on ChatReactionAdded { messageId reaction { emoji user { id } } }
  ... on ChatReactionRemoved { messageId reaction { emoji user { id } } }
  ... on ChatParticipantAdded { participant { user { id } } }
  ... on ChatParticipantRemoved { participant { user { id } } }
  ... on ChatRoomDeleted { roomId }`;
const ROOM_EVENTS = `subscription ($roomId: ID!, $after: String) {
  chatRoomEvents(roomId: $roomId, after: $after) { ${EVENT} } }`;
const ALL_EVENTS = `subscription ($after: [String!]) { chatEvents(after: $after) { ${EVENT}
  ... on ChatRoomJoined { room { id headSeq headCursor } } ... on ChatRoomLeft { roomId } ... on ChatRoomRead { roomId } } }`;

const person = z.object({ user: z.object({ id: z.string() }) });
const graphEvent = z.object({
  __typename: z.string(),
  cursor: z.string().nullable(),
  seq: z.number().nullable(),
  heads: z.array(z.object({ cursor: z.string(), seq: z.number() })).optional(),
  message: z.object({ id: z.string(), content: z.string().optional() }).optional(),
  messageId: z.string().optional(),
  reaction: person.extend({ emoji: z.string() }).optional(),
  participant: person.optional(),
  roomId: z.string().optional(),
  room: z.object({ id: z.string(), headSeq: z.number(), headCursor: z.string() }).optional(),
});
type GraphEvent = z.infer<typeof graphEvent>;

const PING_EVERY_MS = 2_000;
const PONG_WITHIN_MS = 4_000;
const CODES_TO_STOP_AT = new Set(["closed 4400", "closed 4401"]);

/** Follows by a GraphQL subscription: each call is one connection, and resumes after what was handled before. */
export function followByGraphql(plan: FollowerPlan): (connection: Connection) => Promise<Ending> {
  /** The newest cursor of each stream. */
  const cursors = new Map<string, string>();
  return (connection) => {
    const document =
      plan.by === "chatEvents"
        ? { query: ALL_EVENTS, variables: { after: [...cursors.values()] } }
        : { query: ROOM_EVENTS, variables: { roomId: String(plan.room), after: cursors.get(`r${plan.room}`) } };
    return new Promise((resolve) => {
      const client = openClient(connection);
      const end = (ending: Ending): void => {
        connection.clients.signal.removeEventListener("abort", abort);
        client.terminate();
        resolve(ending);
      };
      const abort = (): void => end("stop");
      connection.clients.signal.addEventListener("abort", abort);
      client.subscribe<{ readonly [field: string]: unknown }>(document, {
        next({ data, errors }) {
          if (errors !== undefined) return end(afterErrors(errors, connection, cursors));
          const event = graphEvent.safeParse(Object.values(data ?? {})[0]);
          if (event.success) hear(event.data, connection, cursors);
          else connection.notebook.faults.push(`not understood: ${JSON.stringify(data)}`);
        },
        error: (error) =>
          end(Array.isArray(error) ? afterErrors(error, connection, cursors) : afterClose(error, connection)),
        // The room may have ended for them, or the server: who asks again is told.
        complete: () => end("again"),
      });
    });
  };
}

function openClient({ url, token }: Connection): Client {
  let pongTimer: NodeJS.Timeout | undefined;
  const client = createClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: QuietWebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    connectionAckWaitTimeout: PONG_WITHIN_MS,
    keepAlive: PING_EVERY_MS,
    on: {
      ping(isReceived) {
        if (!isReceived) pongTimer = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(pongTimer);
      },
      closed: () => clearTimeout(pongTimer),
    },
  });
  return client;
}

/** Writes down what came, and keeps its cursor. */
function hear(event: GraphEvent, { notebook, clients, ready }: Connection, cursors: Map<string, string>): void {
  if (event.__typename === "ChatSubscriptionReady") {
    for (const { cursor, seq } of event.heads ?? []) {
      const { stream } = parseCursor(cursor);
      notebook.resumed(stream, seq);
      cursors.set(stream, cursor);
    }
    return ready();
  }
  if (event.cursor === null || event.seq === null) return;
  const { stream } = parseCursor(event.cursor);
  if (notebook.add(stream, { seq: event.seq, what: whatOf(event), ...keyOf(event), atMs: Date.now() })) {
    cursors.set(stream, event.cursor);
    clients.count("delivered");
  }
  if (event.__typename === "ChatRoomLeft") {
    notebook.remove(`r${event.roomId}`);
    cursors.delete(`r${event.roomId}`);
  }
  if (event.__typename === "ChatRoomJoined" && event.room !== undefined) {
    const { id, headSeq, headCursor } = event.room;
    if (notebook.handled(`r${id}`) === undefined) cursors.set(`r${id}`, headCursor);
    notebook.begin(`r${id}`, headSeq, "snapshot");
  }
}

/** As `whatOf` in log.ts says it. */
function whatOf(event: GraphEvent): string {
  const about = event.message?.id ?? event.messageId ?? event.participant?.user.id ?? event.room?.id ?? event.roomId;
  const reaction = event.reaction === undefined ? [] : [event.reaction.user.id, event.reaction.emoji];
  const kind = KINDS[event.__typename] ?? event.__typename;
  // What a room is called is no matter of its events' identity.
  return kind === "room_changed" ? kind : [kind, about, ...reaction].join(" ");
}

const KINDS: Readonly<{ [type in string]?: string }> = {
  ChatMessageSent: "message_sent",
  ChatMessageEdited: "message_edited",
  ChatMessageDeleted: "message_deleted",
  ChatReactionAdded: "reaction_added",
  ChatReactionRemoved: "reaction_removed",
  ChatParticipantAdded: "participant_added",
  ChatParticipantRemoved: "participant_removed",
  ChatRoomChanged: "room_changed",
  ChatRoomDeleted: "room_deleted",
  ChatRoomJoined: "room_joined",
  ChatRoomLeft: "room_left",
  ChatRoomRead: "read_moved",
};

function keyOf({ message }: GraphEvent): { readonly key?: string } {
  return message?.content === undefined || message.content === "" ? {} : { key: message.content };
}

const graphError = z.object({ extensions: z.object({ code: z.string() }) });

/** An error ends a subscription; what it says decides whether to resume. */
function afterErrors(errors: readonly unknown[], { notebook }: Connection, cursors: Map<string, string>): Ending {
  const code = graphError.safeParse(errors[0]).data?.extensions.code ?? "no code";
  if (code === "UNAVAILABLE") return "again";
  if (code === "NOT_FOUND") {
    for (const stream of cursors.keys()) notebook.remove(stream);
    return "stop";
  }
  notebook.faults.push(code);
  return code === "INTERNAL_SERVER_ERROR" ? "again" : "stop";
}

function afterClose(reason: unknown, { notebook }: Connection): Ending {
  const trouble = troubleOf(reason);
  if (!CODES_TO_STOP_AT.has(trouble)) return "again";
  notebook.faults.push(trouble);
  return "stop";
}
