import { ChatError } from "./errors.ts";
import { Handlers } from "./handlers.ts";
import { RoomConnection } from "./room-connection.ts";
import { configured, type ChatOptions } from "./settings.ts";
import type { ChatParts } from "./timing.ts";
import type { AnswerFrame, ChatCommand, ChatMessage, ChatMessageType } from "./types.ts";
import type { ChatSocketEvent, ChatSocketEventOf, ConnectionState } from "./web-socket-events.ts";

export type ChatSocketHandler<Type extends ChatSocketEvent["type"]> = (
  event: ChatSocketEventOf<Type>,
  roomId: number,
) => void;

/**
 * One room at a time over the raw WebSocket; for several at once, create several. What is said waits while there is no
 * connection and is carried out once, in order; each promise rejects with a `ChatError`, which `error` tells of, too.
 */
export interface WebSocketService {
  /** The room that is heard; undefined without one. */
  readonly roomId: number | undefined;
  readonly state: ConnectionState;
  /** Hears a room, instead of the one before; what was said there is still sent. After `unauthenticated`: tries again. */
  connect(roomId: number): void;
  /** Leaves. What is not answered yet is given up. */
  disconnect(): void;
  /** Calls the handler with all events of a type. A frame counts as handled when its handlers have returned. */
  on<Type extends ChatSocketEvent["type"]>(type: Type, handler: ChatSocketHandler<Type>): () => void;
  sendMessage(content: string, type?: ChatMessageType): Promise<ChatMessage>;
  editMessage(messageId: number, content: string): Promise<ChatMessage>;
  deleteMessage(messageId: number): Promise<void>;
  addReaction(messageId: number, emoji: string): Promise<void>;
  removeReaction(messageId: number, emoji: string): Promise<void>;
  /** Call it with true at every key; the rest happens by itself. Without a connection nobody is told. */
  setTyping(isTyping: boolean): void;
}

export function createWebSocketService(options: ChatOptions, parts: ChatParts = {}): WebSocketService {
  const handlers = new Handlers();
  const connections = new Map<number, RoomConnection>();
  let roomId: number | undefined;
  const current = (): RoomConnection | undefined => (roomId === undefined ? undefined : connections.get(roomId));

  function connectionTo(room: number): RoomConnection {
    const emit = (event: ChatSocketEvent): void => handlers.call(event, room);
    const connection = connections.get(room) ?? new RoomConnection(room, options, { ...parts, emit });
    connections.set(room, connection);
    return connection;
  }

  function say<Answer>(command: ChatCommand, read: (frame: AnswerFrame) => Answer): Promise<Answer> {
    const room = roomId ?? 0;
    const said = current()?.say(command) ?? Promise.reject(notConnected());
    const answer = said.then(read);
    // Not everybody waits for the answer: who does not is told here.
    answer.catch((error: unknown) => {
      if (error instanceof ChatError) handlers.call({ type: "error", code: error.code, detail: error.message }, room);
    });
    return answer;
  }

  return {
    get roomId() {
      return roomId;
    },
    get state() {
      return current()?.state ?? "closed";
    },
    connect(room) {
      if (room !== roomId) current()?.retire();
      roomId = room;
      connectionTo(room).open();
    },
    disconnect() {
      for (const connection of connections.values()) connection.close();
      connections.clear();
      roomId = undefined;
    },
    on: (type, handler) => handlers.add(type, handler),
    sendMessage(content, type) {
      const kind = type === undefined ? {} : { message_type: type };
      return say({ type: "message_send", content, ...kind }, messageOf);
    },
    editMessage: (id, content) => say({ type: "message_edit", message_id: id, content }, messageOf),
    deleteMessage: (id) => say({ type: "message_delete", message_id: id }, done),
    addReaction: (id, emoji) => say({ type: "reaction_add", message_id: id, emoji }, done),
    removeReaction: (id, emoji) => say({ type: "reaction_remove", message_id: id, emoji }, done),
    setTyping: (isTyping) => current()?.setTyping(isTyping),
  };
}

const done = (): void => {};

function messageOf(frame: AnswerFrame): ChatMessage {
  if ("message" in frame) return frame.message;
  throw new ChatError({ code: "INTERNAL_SERVER_ERROR", detail: `The server answered with ${frame.type}.` });
}

const notConnected = (): ChatError => new ChatError({ code: "DISCONNECTED", detail: "Connect to a room first." });

/** The service of what `configureChat` was told. */
export const webSocketService: WebSocketService = createWebSocketService(configured);
