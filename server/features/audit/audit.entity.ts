import { defineEntity, p } from "@mikro-orm/core";

const AuditSchema = defineEntity({
  name: "Audit",
  tableName: "chat_audit",
  comment: "Who did what, append-only: nothing in the program changes or deletes a row.",
  properties: {
    id: p.bigint().primary().autoincrement(),
    at: p.datetime(6).defaultRaw("clock_timestamp()").index(),
    action: p.string().length(32),
    /** No foreign keys: what is told of here may be deleted later. */
    actorId: p.integer().nullable().index(),
    isHost: p.boolean(),
    transport: p.string().length(16),
    address: p.string().length(64),
    requestId: p.string().length(64),
    roomId: p.integer().nullable().index(),
    messageId: p.integer().nullable(),
    userId: p.integer().nullable().index(),
    details: p.json<unknown>(),
  },
});
export class AuditEntity extends AuditSchema.class {}
AuditSchema.setClass(AuditEntity);
