/** The shapes of the REST API and the frames of the raw WebSocket, as docs/rest-api.md and docs/websocket.md have them. */

/** ISO 8601 in UTC: `2025-11-06T15:30:00.000Z`. */
export type IsoTime = string;

export interface ChatUser {
  readonly id: number;
  readonly username: string;
  readonly display_name: string;
}

export interface ChatParticipant {
  readonly id: number;
  readonly user: ChatUser;
  readonly joined_at: IsoTime;
  readonly last_read_at: IsoTime | null;
}

export type ChatRoomType = "direct" | "group";

export interface ChatRoom {
  readonly id: number;
  /** Empty for a direct room; `display_name` is what to show. */
  readonly name: string;
  readonly type: ChatRoomType;
  readonly project: number;
  readonly participants: readonly ChatParticipant[];
  /** Null once that person has been deleted. */
  readonly created_by: ChatUser | null;
  readonly last_message: { readonly id: number; readonly content: string; readonly created_at: IsoTime } | null;
  readonly unread_count: number;
  readonly display_name: string;
  readonly created_at: IsoTime;
  readonly updated_at: IsoTime;
}

export interface ChatReaction {
  readonly id: number;
  readonly user: ChatUser;
  readonly emoji: string;
  readonly created_at: IsoTime;
}

export type ChatMessageType = "text" | "image" | "file";

export interface ChatMessage {
  readonly id: number;
  readonly room: number;
  readonly user: ChatUser;
  readonly content: string;
  readonly type: ChatMessageType;
  /** Whole, and signed: it works by itself for some hours. In a frame as the server sends it, it may begin at its root. */
  readonly attachment_url: string | null;
  readonly attachment_name: string;
  readonly attachment_size: number | null;
  readonly reactions: readonly ChatReaction[];
  readonly is_edited: boolean;
  readonly edited_at: IsoTime | null;
  readonly created_at: IsoTime;
  readonly updated_at: IsoTime;
}

export interface ChatRoomCreate {
  readonly type: ChatRoomType;
  readonly project: number;
  /** A group needs one. */
  readonly name?: string;
  /** The caller is always a participant, listed or not. */
  readonly participant_ids: readonly number[];
}

export interface ChatMessageCreate {
  readonly room: number;
  readonly content?: string;
  /** Left out: by what the message carries. */
  readonly type?: ChatMessageType;
  /** A `File` of an input, or any `Blob` with `attachment_name` beside it. */
  readonly attachment?: Blob | null;
  readonly attachment_name?: string;
  /** A UUID of this message, for callers that repeat it themselves, even after a reload; left out, one is made. */
  readonly idempotency_key?: string;
}

export interface ChatMessageUpdate {
  readonly content: string;
}

/** Which messages of a room: without any of these the newest 100. */
export interface ChatMessagePage {
  /** 1 to 200. */
  readonly limit?: number;
  /** The number of a message: the newest ones before it. */
  readonly before?: number;
  /** The number of a message: the oldest ones after it. */
  readonly after?: number;
}

/** What every durable frame bears. */
interface Durable {
  /** Its number in the room: 1, 2, 3 ... without holes. */
  readonly seq?: number;
  /** The key of the command that it follows from, on its author's own sockets. */
  readonly client_mutation_id?: string;
}

interface ParticipantChange extends Durable {
  readonly participant: ChatParticipant;
  readonly owner_id: number | null;
  readonly updated_at: IsoTime;
}

export interface MessageNewFrame extends Durable {
  readonly type: "message_new";
  readonly message: ChatMessage;
}
export interface MessageEditedFrame extends Durable {
  readonly type: "message_edited";
  readonly message: ChatMessage;
}
export interface MessageDeletedFrame extends Durable {
  readonly type: "message_deleted";
  readonly message_id: number;
}
export interface ReactionAddedFrame extends Durable {
  readonly type: "reaction_added";
  readonly message_id: number;
  readonly reaction: ChatReaction;
}
export interface ReactionRemovedFrame extends Durable {
  readonly type: "reaction_removed";
  readonly message_id: number;
  readonly user_id: number;
  readonly emoji: string;
}
export interface ParticipantAddedFrame extends ParticipantChange {
  readonly type: "participant_added";
}
export interface ParticipantRemovedFrame extends ParticipantChange {
  readonly type: "participant_removed";
}
export interface RoomChangedFrame extends Durable {
  readonly type: "room_changed";
  readonly room: Pick<ChatRoom, "id" | "name" | "type" | "project" | "updated_at">;
}
export interface RoomDeletedFrame extends Durable {
  readonly type: "room_deleted";
  readonly room_id: number;
}

export interface UserTypingFrame {
  readonly type: "user_typing";
  readonly user_id: number;
  readonly username: string;
  readonly is_typing: boolean;
}
/** Somebody has opened their first connection that follows this room. */
export interface UserJoinedFrame {
  readonly type: "user_joined";
  readonly user_id: number;
  readonly username: string;
}
/** The last one was closed. Neither is about being a participant. */
export interface UserLeftFrame {
  readonly type: "user_left";
  readonly user_id: number;
  readonly username: string;
}

export interface ReadyFrame {
  readonly type: "ready";
  readonly epoch: string;
  readonly after: number;
  readonly seq: number;
}
export interface AuthenticatedFrame {
  readonly type: "authenticated";
  readonly client_mutation_id?: string;
}
export interface ErrorFrame {
  readonly type: "error";
  /** One of the closed list of docs/errors.md; of this client's own also `DISCONNECTED`. */
  readonly code: string;
  readonly detail: string;
  readonly retry_after_ms?: number;
  readonly client_mutation_id?: string;
}

/** What follows from a command, and answers it. */
export type AnswerFrame =
  | MessageNewFrame
  | MessageEditedFrame
  | MessageDeletedFrame
  | ReactionAddedFrame
  | ReactionRemovedFrame;

/** What is never lost. */
export type DurableFrame =
  | AnswerFrame
  | ParticipantAddedFrame
  | ParticipantRemovedFrame
  | RoomChangedFrame
  | RoomDeletedFrame;

/** All that a server says. */
export type ChatFrame =
  | DurableFrame
  | UserTypingFrame
  | UserJoinedFrame
  | UserLeftFrame
  | ReadyFrame
  | AuthenticatedFrame
  | ErrorFrame;

/** What one may say and is answered. */
export type ChatCommand =
  | { readonly type: "message_send"; readonly content: string; readonly message_type?: ChatMessageType }
  | { readonly type: "message_edit"; readonly message_id: number; readonly content: string }
  | { readonly type: "message_delete"; readonly message_id: number }
  | { readonly type: "reaction_add" | "reaction_remove"; readonly message_id: number; readonly emoji: string };
