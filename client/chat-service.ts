import type { ChatError } from "./errors.ts";
import { Requests } from "./requests.ts";
import { configured, type ChatOptions } from "./settings.ts";
import { systemAfter, type ChatParts } from "./timing.ts";
import type {
  ChatMessage,
  ChatMessageCreate,
  ChatMessagePage,
  ChatMessageUpdate,
  ChatRoom,
  ChatRoomCreate,
} from "./types.ts";
import { randomUuid } from "./uuid.ts";

/** What one can ask of the REST API. Every method rejects with a `ChatError`. */
export interface ChatService {
  /** All rooms of the caller, or those of one project, latest activity first. */
  getRooms(projectId?: number): Promise<ChatRoom[]>;
  getRoom(roomId: number): Promise<ChatRoom>;
  /** A direct room that there is already is returned. */
  createRoom(data: ChatRoomCreate): Promise<ChatRoom>;
  deleteRoom(roomId: number): Promise<void>;
  addParticipant(roomId: number, userId: number): Promise<void>;
  /** Of oneself: leaves the room. */
  removeParticipant(roomId: number, userId: number): Promise<void>;
  markRoomAsRead(roomId: number): Promise<void>;
  /** The newest 100 messages in order, or another page. */
  getMessages(roomId: number, page?: ChatMessagePage): Promise<ChatMessage[]>;
  /** Sends once, however often it has to be tried. */
  sendMessage(data: ChatMessageCreate): Promise<ChatMessage>;
  editMessage(messageId: number, data: ChatMessageUpdate): Promise<ChatMessage>;
  deleteMessage(messageId: number): Promise<void>;
  addReaction(messageId: number, emoji: string): Promise<void>;
  removeReaction(messageId: number, emoji: string): Promise<void>;
  /** Best match first, in one room or in all of the caller's. */
  searchMessages(query: string, roomId?: number): Promise<ChatMessage[]>;
}

/** The REST API of one server, as one caller. */
export function createChatService(options: ChatOptions, { after = systemAfter }: ChatParts = {}): ChatService {
  const requests = new Requests(options, after);
  const get = <Answer>(path: string, query = {}): Promise<Answer> =>
    requests.send({ method: "GET", path, query, isRepeatable: true });
  /** Done twice it is done once, and nobody waits for what it answers. */
  const post = async (path: string, body: object): Promise<void> => {
    await requests.send({ method: "POST", path, body, isRepeatable: true });
  };
  const remove = async (path: string): Promise<void> => {
    await requests.send({ method: "DELETE", path, isRepeatable: true, isDone: isGone });
  };
  return {
    getRooms: (projectId) => get("/rooms/", { project: projectId }),
    getRoom: (roomId) => get(`/rooms/${roomId}/`),
    // Two groups may be alike, so that one that is not known to be there is not made again.
    createRoom: (data) =>
      requests.send({ method: "POST", path: "/rooms/", body: data, isRepeatable: data.type === "direct" }),
    deleteRoom: (roomId) => remove(`/rooms/${roomId}/`),
    addParticipant: (roomId, userId) => post(`/rooms/${roomId}/add_participant/`, { user_id: userId }),
    async removeParticipant(roomId, userId) {
      const path = `/rooms/${roomId}/remove_participant/`;
      const isDone = (error: ChatError): boolean => isGone(error) || "user_id" in error.fields;
      await requests.send({ method: "POST", path, body: { user_id: userId }, isRepeatable: true, isDone });
    },
    // Later, it would mark as read what has come meanwhile.
    async markRoomAsRead(roomId) {
      await requests.send({ method: "POST", path: `/rooms/${roomId}/mark_read/`, body: {}, isRepeatable: false });
    },
    getMessages: (roomId, page) => get("/messages/", { room: roomId, ...page }),
    sendMessage: (data) =>
      requests.send({
        method: "POST",
        path: "/messages/",
        body: bodyOf(data),
        idempotencyKey: data.idempotency_key ?? randomUuid(),
        isRepeatable: true,
      }),
    editMessage: (messageId, { content }) =>
      requests.send({ method: "PATCH", path: `/messages/${messageId}/`, body: { content }, isRepeatable: true }),
    deleteMessage: (messageId) => remove(`/messages/${messageId}/`),
    addReaction: (messageId, emoji) => post(`/messages/${messageId}/add_reaction/`, { emoji }),
    removeReaction: (messageId, emoji) => post(`/messages/${messageId}/remove_reaction/`, { emoji }),
    searchMessages: (query, roomId) => get("/messages/", { search: query, room: roomId }),
  };
}

/** What was to be removed is not there. */
const isGone = ({ status }: ChatError): boolean => status === 404;

/** A form when there is a file, else JSON. */
function bodyOf(data: ChatMessageCreate): object {
  const { room, content, type, attachment } = data;
  const fields = { room, content: content ?? "", ...(type === undefined ? {} : { type }) };
  if (attachment === undefined || attachment === null) return fields;
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  if (data.attachment_name === undefined) form.append("attachment", attachment);
  else form.append("attachment", attachment, data.attachment_name);
  return form;
}

/** The service of what `configureChat` was told. */
export const chatService: ChatService = createChatService(configured);
