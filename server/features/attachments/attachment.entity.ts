import { defineEntity, p } from "@mikro-orm/core";
import { RoomEntity } from "../rooms/room.entity.js";

const AttachmentSchema = defineEntity({
  name: "Attachment",
  tableName: "chat_attachment",
  comment: "The files of messages: what is in the storage and not here belongs to nobody, and is swept.",
  properties: {
    id: p.integer().primary().autoincrement(),
    room: () => p.manyToOne(RoomEntity).deleteRule("cascade").index(),
    key: p.string().length(255).unique(),
    name: p.string().length(255),
    size: p.integer(),
    contentType: p.string().length(127),
    width: p.integer().nullable(),
    height: p.integer().nullable(),
    /** In bytes; null for what is no picture. */
    thumbnailSize: p.integer().nullable(),
    /** Of its bytes, in hexadecimal; null for what was stored before this was kept. */
    sha256: p.string().length(64).nullable(),
    createdAt: p.datetime(6).defaultRaw("now()"),
    /** The words of the name, as search finds them; made by the database. */
    search: p.string().columnType("tsvector").nullable().lazy().generated("(chat_search_vector_v1(name)) stored"),
  },
  indexes: [
    {
      name: "chat_attachment_search_index",
      expression: "create index chat_attachment_search_index on chat_attachment using gin (search)",
    },
    {
      name: "chat_attachment_parts_index",
      expression:
        "create index chat_attachment_parts_index on chat_attachment using gin (chat_search_fold_v1(name) gin_trgm_ops)",
    },
  ],
});
export class AttachmentEntity extends AttachmentSchema.class {}
AttachmentSchema.setClass(AttachmentEntity);

const MediaSchema = defineEntity({
  name: "Media",
  tableName: "chat_media",
  comment: "One row: what all nodes have in common about files.",
  properties: {
    id: p.integer().primary().autoincrement(false),
    /** The addresses of files are signed with it. */
    secret: p.string().length(64),
    /** When a node last took on the sweep. */
    sweptAt: p.datetime(6).nullable(),
  },
});
export class MediaEntity extends MediaSchema.class {}
MediaSchema.setClass(MediaEntity);
