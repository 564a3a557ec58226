import { defineEntity, p } from "@mikro-orm/core";
import { ProjectEntity, UserEntity } from "../directory/directory.entity.js";
import { roomTypes } from "./room.js";

const RoomSchema = defineEntity({
  name: "Room",
  tableName: "chat_room",
  properties: {
    id: p.integer().primary().autoincrement(),
    name: p.string().length(255).default(""),
    type: p.enum(roomTypes),
    project: () => p.manyToOne(ProjectEntity).deleteRule("cascade").index(),
    createdBy: () => p.manyToOne(UserEntity).nullable().deleteRule("set null").index(),
    owner: () => p.manyToOne(UserEntity).nullable().deleteRule("set null").index(),
    /** A direct room's two people, `low:high`, unique in its project; null in a group. */
    directPair: p.string().length(32).nullable(),
    /** Signed addresses of the room's files are for one generation: a removal raises it, and ends those from before. */
    mediaGeneration: p.integer().default(1),
    /** Whether later messages have higher ids: always, but where an import brought others along. */
    idsRise: p.boolean().default(true),
    createdAt: p.datetime(6).defaultRaw("now()"),
    updatedAt: p.datetime(6).defaultRaw("now()"),
  },
  uniques: [{ name: "chat_room_direct_pair_unique", properties: ["project", "directPair"] }],
});
export class RoomEntity extends RoomSchema.class {}
RoomSchema.setClass(RoomEntity);

const ParticipantSchema = defineEntity({
  name: "Participant",
  tableName: "chat_participant",
  properties: {
    id: p.integer().primary().autoincrement(),
    room: () => p.manyToOne(RoomEntity).deleteRule("cascade"),
    user: () => p.manyToOne(UserEntity).deleteRule("cascade").index(),
    joinedAt: p.datetime(6).defaultRaw("now()"),
    lastReadAt: p.datetime(6).nullable(),
    /** The number of the newest message that was read. */
    readNo: p.integer().default(0),
  },
  uniques: [{ name: "chat_participant_room_user_unique", properties: ["room", "user"] }],
});
export class ParticipantEntity extends ParticipantSchema.class {}
ParticipantSchema.setClass(ParticipantEntity);
