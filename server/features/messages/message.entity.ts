import { defineEntity, p } from "@mikro-orm/core";
import { AttachmentEntity } from "../attachments/attachment.entity.js";
import { UserEntity } from "../directory/directory.entity.js";
import { RoomEntity } from "../rooms/room.entity.js";
import { messageTypes } from "./message.js";

const THINGS = "chat_message_things_v1(type, content)";

/** What search walks down: the live messages of a room, also by author and by what they have. */
const walk = (of: string, columns: string, also = "") => ({
  name: `chat_message_${of}_walk_index`,
  expression: `create index chat_message_${of}_walk_index on chat_message (${columns}) where deleted_at is null${also}`,
});

const MessageSchema = defineEntity({
  name: "Message",
  tableName: "chat_message",
  properties: {
    id: p.integer().primary().autoincrement(),
    room: () => p.manyToOne(RoomEntity).deleteRule("cascade"),
    /** Who left the host product keeps their messages: a person with messages can't be taken out of the table. */
    user: () => p.manyToOne(UserEntity),
    /** Its place in the room, 1, 2, 3 ... without holes. */
    no: p.integer(),
    content: p.text().default(""),
    type: p.enum(messageTypes).default("text"),
    attachment: () => p.oneToOne(AttachmentEntity).nullable().deleteRule("set null"),
    editedAt: p.datetime(6).nullable(),
    /** A deleted message keeps its row, emptied, so that cursors and keys hold. */
    deletedAt: p.datetime(6).nullable(),
    clientKey: p.uuid().nullable(),
    /** What was sent under the key, as a digest: an edit changes the content, and must not make a retry look like another message. */
    clientDigest: p.string().length(64).nullable(),
    createdAt: p.datetime(6),
    updatedAt: p.datetime(6),
    /** The words of the content, as search finds them; made by the database. */
    search: p.string().columnType("tsvector").nullable().lazy().generated("(chat_search_vector_v1(content)) stored"),
  },
  indexes: [
    { name: "chat_message_room_created_at_index", properties: ["room", "createdAt"] },
    { name: "chat_message_user_created_at_index", properties: ["user", "createdAt"] },
    {
      name: "chat_message_deleted_index",
      expression: "create index chat_message_deleted_index on chat_message (room_id, no) where deleted_at is not null",
    },
    {
      name: "chat_message_search_index",
      expression: "create index chat_message_search_index on chat_message using gin (search)",
    },
    {
      name: "chat_message_parts_index",
      expression:
        "create index chat_message_parts_index on chat_message using gin (chat_search_fold_v1(content) gin_trgm_ops)",
    },
    walk("room", "room_id, id"),
    walk("author", "user_id, room_id, id"),
    walk("things", `room_id, ${THINGS}, id`, ` and ${THINGS} > 0`),
    walk("author_things", `user_id, room_id, ${THINGS}, id`, ` and ${THINGS} > 0`),
  ],
  uniques: [
    { name: "chat_message_room_no_unique", properties: ["room", "no"] },
    { name: "chat_message_user_client_key_unique", properties: ["user", "clientKey"] },
  ],
});
export class MessageEntity extends MessageSchema.class {}
MessageSchema.setClass(MessageEntity);

const MentionSchema = defineEntity({
  name: "Mention",
  tableName: "chat_mention",
  properties: {
    message: () => p.manyToOne(MessageEntity).primary().deleteRule("cascade"),
    user: () => p.manyToOne(UserEntity).primary().deleteRule("cascade"),
    roomId: p.integer(),
    no: p.integer(),
  },
  indexes: [{ name: "chat_mention_unread_index", properties: ["user", "roomId", "no"] }],
});
export class MentionEntity extends MentionSchema.class {}
MentionSchema.setClass(MentionEntity);
