import { defineEntity, p } from "@mikro-orm/core";

const UserSchema = defineEntity({
  name: "User",
  tableName: "chat_user",
  properties: {
    id: p.integer().primary().autoincrement(),
    hostId: p.string().length(255).unique(),
    username: p.string().length(255).index(),
    displayName: p.string().length(255),
    /** When the host last vouched for the names: the `iat` of the token they came in. */
    profileAt: p.datetime(6).nullable(),
    deletedAt: p.datetime(6).nullable(),
    createdAt: p.datetime(6).defaultRaw("now()"),
  },
});
export class UserEntity extends UserSchema.class {}
UserSchema.setClass(UserEntity);

const ProjectSchema = defineEntity({
  name: "Project",
  tableName: "chat_project",
  properties: {
    id: p.integer().primary().autoincrement(),
    hostId: p.string().length(255).unique(),
    name: p.string().length(255),
    createdAt: p.datetime(6).defaultRaw("now()"),
  },
});
export class ProjectEntity extends ProjectSchema.class {}
ProjectSchema.setClass(ProjectEntity);

const MembershipSchema = defineEntity({
  name: "Membership",
  tableName: "chat_membership",
  properties: {
    project: () => p.manyToOne(ProjectEntity).primary().deleteRule("cascade"),
    user: () => p.manyToOne(UserEntity).primary().deleteRule("cascade").index(),
  },
});
export class MembershipEntity extends MembershipSchema.class {}
MembershipSchema.setClass(MembershipEntity);
