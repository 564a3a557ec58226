import { AttachmentEntity, MediaEntity } from "./features/attachments/attachment.entity.js";
import { AuditEntity } from "./features/audit/audit.entity.js";
import { MembershipEntity, ProjectEntity, UserEntity } from "./features/directory/directory.entity.js";
import { EntryEntity, OriginEntity, StreamEntity } from "./features/feed/feed.entity.js";
import { MentionEntity, MessageEntity } from "./features/messages/message.entity.js";
import { ReactionEntity } from "./features/reactions/reaction.entity.js";
import { ParticipantEntity, RoomEntity } from "./features/rooms/room.entity.js";
import { RevocationEntity } from "./features/sessions/revocation.entity.js";

/** Every table, for the ORM and its migrations. */
export const entities = [
  UserEntity,
  ProjectEntity,
  MembershipEntity,
  StreamEntity,
  EntryEntity,
  OriginEntity,
  RevocationEntity,
  AuditEntity,
  RoomEntity,
  ParticipantEntity,
  AttachmentEntity,
  MediaEntity,
  MessageEntity,
  MentionEntity,
  ReactionEntity,
];
