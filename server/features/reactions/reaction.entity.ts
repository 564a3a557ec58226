import { defineEntity, p } from "@mikro-orm/core";
import { UserEntity } from "../directory/directory.entity.js";
import { MessageEntity } from "../messages/message.entity.js";

const ReactionSchema = defineEntity({
  name: "Reaction",
  tableName: "message_reaction",
  properties: {
    id: p.integer().primary().autoincrement(),
    message: () => p.manyToOne(MessageEntity).deleteRule("cascade"),
    user: () => p.manyToOne(UserEntity).index(),
    emoji: p.string().length(32),
    createdAt: p.datetime(6).defaultRaw("now()"),
  },
  uniques: [{ name: "message_reaction_unique", properties: ["message", "user", "emoji"] }],
});
export class ReactionEntity extends ReactionSchema.class {}
ReactionSchema.setClass(ReactionEntity);
