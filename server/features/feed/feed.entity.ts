import { defineEntity, p } from "@mikro-orm/core";

const StreamSchema = defineEntity({
  name: "Stream",
  tableName: "feed_stream",
  comment: "One ordered stream of events: a room's (r1) or a person's own (u1). Its row is the lock that orders them.",
  properties: {
    id: p.string().length(16).primary(),
    epoch: p.integer().default(1),
    lastSeq: p.integer().default(0),
    /** The number of the newest message: only messages bump it, so that unread counts are a subtraction. */
    lastNo: p.integer().default(0),
    lastAt: p.datetime(6).defaultRaw("now()"),
  },
});
export class StreamEntity extends StreamSchema.class {}
StreamSchema.setClass(StreamEntity);

const EntrySchema = defineEntity({
  name: "Entry",
  tableName: "feed_entry",
  comment: "The log: what happened in a stream, in order, without holes.",
  indexes: [{ name: "feed_entry_subject_index", properties: ["stream", "subjectId"] }],
  properties: {
    stream: p.string().length(16).primary(),
    seq: p.integer().primary(),
    kind: p.string().length(32),
    actorId: p.integer().nullable(),
    /** What the event is about (a message's id), so that its words can be taken out of the log again. */
    subjectId: p.integer().nullable(),
    payload: p.json<unknown>(),
    at: p.datetime(6).index(),
  },
});
export class EntryEntity extends EntrySchema.class {}
EntrySchema.setClass(EntryEntity);

const OriginSchema = defineEntity({
  name: "Origin",
  tableName: "feed_origin",
  comment: "Which database issued the cursors: another one under the same data (a restored backup) gets a new epoch.",
  properties: {
    id: p.integer().primary().autoincrement(false),
    fingerprint: p.text(),
    epoch: p.string().length(32),
  },
});
export class OriginEntity extends OriginSchema.class {}
OriginSchema.setClass(OriginEntity);
