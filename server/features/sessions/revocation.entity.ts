import { defineEntity, p } from "@mikro-orm/core";

const RevocationSchema = defineEntity({
  name: "Revocation",
  tableName: "chat_revocation",
  comment: "Tokens that count no more before their time: one by its jti, or all of a person's issued before a moment.",
  properties: {
    id: p.integer().primary().autoincrement(),
    tokenId: p.string().length(255).nullable().unique(),
    hostId: p.string().length(255).nullable().unique(),
    issuedBefore: p.datetime(6).nullable(),
    /** When the token has expired by itself: then the row goes. Infinity for a person's. */
    until: p.datetime(6).index(),
    changedAt: p.datetime(6).index(),
  },
});
export class RevocationEntity extends RevocationSchema.class {}
RevocationSchema.setClass(RevocationEntity);
