import { GraphQLDateTime } from "graphql-scalars";
import { Field, ID, Int, InterfaceType, ObjectType } from "type-graphql";
import type { User } from "../../features/directory/directory.js";
import { UserType } from "../../features/directory/directory.graphql.js";
import { ChatMessageType } from "../../features/messages/message.graphql.js";
import type { Message, MessageId } from "../../features/messages/message.js";
import { ReactionType } from "../../features/reactions/reaction.graphql.js";
import type { Reaction } from "../../features/reactions/reaction.js";
import { ParticipantType } from "../../features/rooms/participant.graphql.js";
import { RoomType } from "../../features/rooms/room.graphql.js";
import type { Participant, Room, RoomId } from "../../features/rooms/room.js";
import type { GraphEvent } from "./event.js";

const cursorText = "The event's position in its own stream, the same for everybody; null on events that may be lost.";
const seqText = "The event's number in its own stream: 1, 2, 3 ... without holes; null on events that may be lost.";
const resolveType = (event: GraphEvent): string => event.__typename;

@InterfaceType("ChatRoomEvent", { description: "Something that happened in a room.", resolveType })
export abstract class ChatRoomEvent {
  @Field(() => String, { nullable: true, description: cursorText })
  readonly cursor: string | null;

  @Field(() => Int, { nullable: true, description: seqText })
  readonly seq: number | null;
}

@InterfaceType("ChatEvent", {
  description: "Something that happened in one of the viewer's rooms, or to the viewer.",
  resolveType,
})
export abstract class ChatEvent {
  @Field(() => String, { nullable: true, description: cursorText })
  readonly cursor: string | null;

  @Field(() => Int, { nullable: true, description: seqText })
  readonly seq: number | null;
}

const inRoom = { implements: [ChatRoomEvent, ChatEvent] };

@ObjectType("ChatStreamHead", { simpleResolvers: true, description: "Where one stream continues from." })
class ChatStreamHead {
  @Field(() => ID, { nullable: true, description: "The room whose stream it is; null for the viewer's own." })
  readonly roomId: RoomId | null;

  @Field(() => String, { description: "The position: what comes next is after it." })
  readonly cursor: string;

  @Field(() => Int, { description: "The number of that position." })
  readonly seq: number;
}

@ObjectType("ChatRoomActivity", { simpleResolvers: true, description: "What moves a room in the list of rooms." })
class ChatRoomActivity {
  @Field(() => ID, { description: "The room's number." })
  readonly id: RoomId;

  @Field(() => ChatMessageType, { nullable: true, description: "The newest message." })
  readonly lastMessage: Message | null | (() => Promise<Message | null>);

  @Field(() => GraphQLDateTime, { description: "When something last happened." })
  readonly updatedAt: string;
}

@ObjectType("ChatReactionCount", {
  simpleResolvers: true,
  description: "How many people use an emoji on a message: an absolute number.",
})
class ChatReactionCount {
  @Field(() => String, { description: "The emoji." })
  readonly emoji: string;

  @Field(() => Int, { description: "How many people; 0 when the last one took it back." })
  readonly count: number;
}

@ObjectType("ChatUnread", {
  simpleResolvers: true,
  description: "Unread counts as they were at one position of the room's stream.",
})
class ChatUnread {
  @Field(() => Int, { description: "The number of that position." })
  readonly headSeq: number;

  @Field(() => Int, { description: "Others' messages that the viewer has not read." })
  readonly unreadCount: number;

  @Field(() => Int, { description: "How many of them mention the viewer." })
  readonly unreadMentionCount: number;
}

@ObjectType("ChatSubscriptionReady", {
  simpleResolvers: true,
  description: "The first event of every subscription: where its streams continue from.",
  ...inRoom,
})
export class ChatSubscriptionReady {
  @Field(() => [ChatStreamHead], { description: "One for each stream." })
  readonly heads: readonly ChatStreamHead[];
}

@ObjectType("ChatMessageSent", { simpleResolvers: true, description: "A message was sent.", ...inRoom })
export class ChatMessageSent {
  @Field(() => ChatMessageType, { description: "The message." })
  readonly message: Message;

  @Field(() => ChatRoomActivity, { description: "The room's new place in the list." })
  readonly room: ChatRoomActivity;
}

@ObjectType("ChatMessageEdited", {
  simpleResolvers: true,
  description: "A message was changed by its author.",
  ...inRoom,
})
export class ChatMessageEdited {
  @Field(() => ChatMessageType, { description: "The message as it now is." })
  readonly message: Message;
}

@ObjectType("ChatMessageDeleted", {
  simpleResolvers: true,
  description: "A message was deleted by its author.",
  ...inRoom,
})
export class ChatMessageDeleted {
  @Field(() => ID, { description: "The room." })
  readonly roomId: RoomId;

  @Field(() => ID, { description: "The message that is no more." })
  readonly messageId: MessageId;

  @Field(() => ChatMessageType, { nullable: true, description: "The newest message that is left." })
  readonly lastMessage: Message | null;
}

@ObjectType("ChatReactionEvent", {
  simpleResolvers: true,
  description: "What the two events of a reaction have in common.",
})
abstract class ReactionEvent {
  @Field(() => ID, { description: "The room." })
  readonly roomId: RoomId;

  @Field(() => ID, { description: "The message." })
  readonly messageId: MessageId;

  @Field(() => ReactionType, { description: "The reaction." })
  readonly reaction: Reaction;

  @Field(() => ChatReactionCount, { description: "How many use this emoji now." })
  readonly group: ChatReactionCount;
}

@ObjectType("ChatReactionAdded", {
  simpleResolvers: true,
  description: "Somebody put an emoji on a message.",
  ...inRoom,
})
export class ChatReactionAdded extends ReactionEvent {}

@ObjectType("ChatReactionRemoved", { simpleResolvers: true, description: "Somebody took an emoji back.", ...inRoom })
export class ChatReactionRemoved extends ReactionEvent {}

@ObjectType("ChatParticipantEvent", {
  simpleResolvers: true,
  description: "What the two events of a participant have in common.",
})
abstract class ParticipantEvent {
  @Field(() => ID, { description: "The room." })
  readonly roomId: RoomId;

  @Field(() => ParticipantType, { description: "Whose place it is." })
  readonly participant: Participant;

  @Field(() => UserType, { nullable: true, description: "The room's owner now; null in a direct room." })
  readonly owner: (() => Promise<User>) | null;

  @Field(() => ChatRoomActivity, { description: "The room's new place in the list." })
  readonly room: ChatRoomActivity;
}

@ObjectType("ChatParticipantAdded", { simpleResolvers: true, description: "Somebody came into the room.", ...inRoom })
export class ChatParticipantAdded extends ParticipantEvent {}

@ObjectType("ChatParticipantRemoved", {
  simpleResolvers: true,
  description: "Somebody left the room or was removed.",
  ...inRoom,
})
export class ChatParticipantRemoved extends ParticipantEvent {}

@ObjectType("ChatRoomChanged", { simpleResolvers: true, description: "The room was renamed.", ...inRoom })
export class ChatRoomChanged {
  @Field(() => RoomType, { description: "The room as it now is." })
  readonly room: Room;
}

@ObjectType("ChatRoomDeleted", {
  simpleResolvers: true,
  description: "The room was deleted: the last event of its stream.",
  ...inRoom,
})
export class ChatRoomDeleted {
  @Field(() => ID, { description: "The room that is no more." })
  readonly roomId: RoomId;
}

@ObjectType("ChatRoomJoined", {
  simpleResolvers: true,
  description: "The viewer was added to a room, whose events follow from here.",
  implements: [ChatEvent],
})
export class ChatRoomJoined {
  @Field(() => RoomType, { description: "The room." })
  readonly room: Room;
}

@ObjectType("ChatRoomLeft", {
  simpleResolvers: true,
  description: "The viewer left a room or was removed: its events have ended.",
  implements: [ChatEvent],
})
export class ChatRoomLeft {
  @Field(() => ID, { description: "The room." })
  readonly roomId: RoomId;
}

@ObjectType("ChatRoomRead", {
  simpleResolvers: true,
  description: "Somebody read on. The viewer's own position is kept in their stream; others' may be lost.",
  ...inRoom,
})
export class ChatRoomRead {
  @Field(() => ID, { description: "The room." })
  readonly roomId: RoomId;

  @Field(() => ID, { description: "Who read." })
  readonly userId: string;

  @Field(() => GraphQLDateTime, { description: "When." })
  readonly lastReadAt: string;

  @Field(() => ID, { nullable: true, description: "Up to which message." })
  readonly lastReadMessageId: MessageId | null;

  @Field(() => ChatUnread, { nullable: true, description: "The viewer's own counts; null when somebody else read." })
  readonly unread: ChatUnread | null;
}

@ObjectType("ChatTypingChanged", { simpleResolvers: true, description: "Somebody began or stopped typing.", ...inRoom })
export class ChatTypingChanged {
  @Field(() => ID, { description: "The room." })
  readonly roomId: RoomId;

  @Field(() => UserType, { description: "Who." })
  readonly user: () => Promise<User>;

  @Field(() => Boolean, { description: "Whether they are typing." })
  readonly isTyping: boolean;
}

@ObjectType("ChatPresenceChanged", {
  simpleResolvers: true,
  description: "Somebody connected or went away.",
  ...inRoom,
})
export class ChatPresenceChanged {
  @Field(() => UserType, { description: "Who, with their presence." })
  readonly user: () => Promise<User>;
}

@ObjectType("ChatUserChanged", { simpleResolvers: true, description: "Somebody's names changed.", ...inRoom })
export class ChatUserChanged {
  @Field(() => UserType, { description: "Who, with their names." })
  readonly user: () => Promise<User>;
}
