import { Kind, type GraphQLResolveInfo } from "graphql";
import { GraphQLDateTime } from "graphql-scalars";
import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  Info,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from "type-graphql";
import { notFound } from "../../platform/errors.js";
import { parseId } from "../../platform/ids.js";
import { inOrder, pagesOf, type LoaderDefinition, type PageKey } from "../../platform/loaders.js";
import type { Operation } from "../../platform/operation.js";
import type { Connection } from "../../platform/paging.js";
import { connectionTypes } from "../../platform/paging.graphql.js";
import type { Attachment } from "../attachments/attachment.js";
import { AttachmentType } from "../attachments/attachment.graphql.js";
import type { User } from "../directory/directory.js";
import { userLoader, UserType } from "../directory/directory.graphql.js";
import { ParticipantType } from "../rooms/participant.graphql.js";
import { PageArgs, roomLoader, RoomType, stateOf } from "../rooms/room.graphql.js";
import type { Participant, Room, RoomId, ViewedRoom } from "../rooms/room.js";
import { historyPage } from "./message-history.queries.js";
import {
  historiesOf,
  lastMessagesOf,
  messagesByIds,
  readMessageIds,
  viewedMessagesByIds,
  type MessageWindow,
} from "./message.queries.js";
import type { Message, MessageId, MessageType } from "./message.js";

/** GraphQL's names for the types of messages. */
export enum MessageTypeEnum {
  TEXT = "text",
  IMAGE = "image",
  FILE = "file",
}
registerEnumType(MessageTypeEnum, {
  name: "ChatMessageType",
  description: "What a message carries.",
  valuesConfig: {
    TEXT: { description: "Words alone." },
    IMAGE: { description: "A picture to show." },
    FILE: { description: "A file to download." },
  },
});

/** Messages by number, for edges and events whose start was authorised. */
export const messageLoader: LoaderDefinition<MessageId, Message | undefined> = {
  batch: async ({ em }, ids) => inOrder(ids, await messagesByIds(em, ids), (message) => message.id),
};

/** Messages that the viewer may see, by number. */
export const viewedMessageLoader: LoaderDefinition<MessageId, Message | undefined> = {
  batch: async ({ actor, em }, ids) =>
    inOrder(ids, await viewedMessagesByIds(em, actor.id, ids), (message) => message.id),
};

/** The newest message of a room that the viewer was seen to be in. */
export const lastMessageLoader: LoaderDefinition<RoomId, Message | undefined> = {
  batch: async ({ actor, em }, ids) =>
    inOrder(ids, await lastMessagesOf(em, actor.id, ids), (message) => message.roomId),
};

/** Pages of the histories of rooms that the viewer was seen to be in. */
const historyLoader: LoaderDefinition<PageKey<RoomId, MessageWindow>, readonly Message[]> = {
  batch: ({ actor, em }, keys) =>
    pagesOf(keys, (roomIds, window) => historiesOf(em, { viewerId: actor.id, roomIds }, window)),
};

/** The newest message that a participant has read. */
const readMessageLoader: LoaderDefinition<Participant, MessageId | null> = {
  batch: ({ em }, participants) =>
    readMessageIds(
      em,
      participants.map(({ roomId, readNo }) => ({ roomId, no: readNo })),
    ),
};

@ObjectType("ChatMessage", { simpleResolvers: true, description: "What somebody wrote in a room." })
@Directive('@key(fields: "id")')
export class ChatMessageType {
  @Field(() => ID, { description: "The message's number." })
  readonly id: MessageId;

  @Field(() => String, { description: "The words as typed; to be escaped on display. May be empty beside a file." })
  readonly content: string;

  @Field(() => MessageTypeEnum, { description: "What it carries." })
  readonly type: MessageType;

  @Field(() => AttachmentType, { nullable: true, description: "The file that it carries; null when there is none." })
  readonly attachment: Attachment | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: "When it was last edited." })
  readonly editedAt: string | null;

  @Field(() => Boolean, { description: "Whether it was deleted: such a message is in no list." })
  readonly isDeleted: boolean;

  @Field(() => GraphQLDateTime, { description: "When it was sent; rises with the order of the room." })
  readonly createdAt: string;

  @Field(() => GraphQLDateTime, { description: "When it was last changed." })
  readonly updatedAt: string;
}

const { Connection: MessageConnection } = connectionTypes("ChatMessage", () => ChatMessageType, "message");

@Resolver(() => ChatMessageType)
export class MessageResolver {
  @Query(() => ChatMessageType, {
    nullable: true,
    description: "One message; null when there is none with this id in the viewer's rooms.",
  })
  async chatMessage(
    @Ctx() { loaders }: Operation,
    @Arg("id", () => ID, { description: "The message's number." }) id: string,
  ): Promise<Message | null> {
    const messageId = parseId<MessageId>(id);
    return messageId === undefined ? null : ((await loaders.load(viewedMessageLoader, messageId)) ?? null);
  }

  @FieldResolver(() => RoomType, { description: "The room it was written in." })
  async room(
    @Ctx() { loaders }: Operation,
    @Root() message: Message,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ViewedRoom | Pick<Room, "id">> {
    // An event goes to everybody in the room: saying which room it was costs none of them a look into the database.
    if (asksForIdAlone(info)) return { id: message.roomId };
    const room = await loaders.load(roomLoader, message.roomId);
    if (room === undefined) throw notFound("This room");
    return room;
  }

  @FieldResolver(() => UserType, { description: "Who wrote it." })
  user(@Ctx() { loaders }: Operation, @Root() message: Message): Promise<User> {
    return loaders.load(userLoader, message.userId);
  }

  @FieldResolver(() => [UserType], { description: "The participants whom it mentions by `@username`." })
  mentions(@Ctx() { loaders }: Operation, @Root() message: Message): Promise<readonly User[]> {
    return Promise.all(message.mentionIds.map((id) => loaders.load(userLoader, id)));
  }

  @FieldResolver(() => Boolean, { description: "Whether its author changed it." })
  isEdited(@Root() message: Message): boolean {
    return message.editedAt !== null;
  }

  @FieldResolver(() => ID, {
    nullable: true,
    description: "The key that its author sent it with; null for everybody else.",
  })
  clientMutationId(@Ctx() { scope }: Operation, @Root() message: Message): string | null {
    return message.userId === scope.actor.id ? message.clientKey : null;
  }
}

function asksForIdAlone({ fieldNodes }: GraphQLResolveInfo): boolean {
  const selections = fieldNodes.flatMap((node) => node.selectionSet?.selections ?? []);
  return selections.every(
    (selection) => selection.kind === Kind.FIELD && ["id", "__typename"].includes(selection.name.value),
  );
}

@Resolver(() => RoomType)
export class RoomMessagesResolver {
  @FieldResolver(() => ChatMessageType, {
    nullable: true,
    description: "The newest message; null in a room without any.",
  })
  async lastMessage(@Ctx() operation: Operation, @Root() room: Room): Promise<Message | null> {
    if ((await stateOf(operation, room)) === undefined) return null;
    return (await operation.loaders.load(lastMessageLoader, room.id)) ?? null;
  }

  @FieldResolver(() => MessageConnection, {
    description: "The history, ascending; the newest 50 when nothing else is asked for.",
  })
  async messages(
    @Ctx() operation: Operation,
    @Root() room: Room,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("around", () => ID, {
      nullable: true,
      description:
        "The page around this message; with it `first` is the page's size, and the other arguments are refused.",
    })
    around: string | null | undefined,
  ): Promise<Connection<Message>> {
    // The head is read first: what is written in between is then both in the page and in the events after the head.
    if ((await stateOf(operation, room)) === undefined) throw notFound("This room");
    const read = (window: MessageWindow) => operation.loaders.load(historyLoader, { of: room.id, page: window });
    return historyPage(operation.scope, { roomId: room.id, read }, page, around ?? undefined);
  }
}

@Resolver(() => ParticipantType)
export class ParticipantMessagesResolver {
  @FieldResolver(() => ID, { nullable: true, description: "The newest message that they have read." })
  lastReadMessageId(@Ctx() { loaders }: Operation, @Root() participant: Participant): Promise<MessageId | null> {
    return loaders.load(readMessageLoader, participant);
  }
}
