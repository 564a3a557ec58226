import { defineEntity, p } from "@mikro-orm/core";
import { AttachmentEntity } from "../attachments/attachment.entity.js";
import { UserEntity } from "../directory/directory.entity.js";
import { RoomEntity } from "../rooms/room.entity.js";
import { messageTypes } from "./message.js";

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
  },
  indexes: [
    { name: "chat_message_room_created_at_index", properties: ["room", "createdAt"] },
    { name: "chat_message_user_created_at_index", properties: ["user", "createdAt"] },
    {
      name: "chat_message_deleted_index",
      expression: "create index chat_message_deleted_index on chat_message (room_id, no) where deleted_at is not null",
    },
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
