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
import {
  andThen,
  inOrder,
  pagesOf,
  type LoaderDefinition,
  type MaybePromise,
  type PageKey,
} from "../../platform/loaders.js";
import { noteHidden } from "../../platform/refusals.js";
import { noSuchMessage } from "./message.access.js";
import type { Operation } from "../../platform/operation.js";
import type { Connection } from "../../platform/paging.js";
import { connectionTypes } from "../../platform/paging.graphql.js";
import { ReadAhead, selectionsOfItems, type Selection } from "../../platform/read-ahead.graphql.js";
import type { Attachment } from "../attachments/attachment.js";
import { AttachmentType } from "../attachments/attachment.graphql.js";
import type { User } from "../directory/directory.js";
import { primePeople, userAhead, userLoader, UserType } from "../directory/directory.graphql.js";
import { participantAhead, ParticipantType } from "../rooms/participant.graphql.js";
import { idsOf, PageArgs, roomAhead, roomLoader, RoomType, stateOf } from "../rooms/room.graphql.js";
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
  async batch({ actor, em }, roomIds, prime) {
    const { messages, users } = await lastMessagesOf(em, { viewerId: actor.id, roomIds });
    primePeople(prime, users);
    return inOrder(roomIds, messages, (message) => message.roomId);
  },
};

/** Pages of the histories of rooms that the viewer was seen to be in. */
export type HistoryLoader = LoaderDefinition<PageKey<RoomId, MessageWindow>, readonly Message[]>;

const historyLoader: HistoryLoader = {
  batch: ({ actor, em }, keys, prime) =>
    pagesOf(keys, async (roomIds, window) => {
      const { histories, users } = await historiesOf(em, { viewerId: actor.id, roomIds }, window);
      primePeople(prime, users);
      return histories;
    }),
};

/**
 * Which fields of messages come with their history, in one statement, by a loader of a later feature. A history is read by
 * one of them: by the first whose field is asked for.
 */
const historyLoaders = new Map<string, HistoryLoader>();

export function readHistoriesWith(field: string, loader: HistoryLoader): void {
  historyLoaders.set(field, loader);
}

function historyLoaderFor(items: readonly Selection[]): HistoryLoader {
  const found = [...historyLoaders].find(([field]) => items.some((item) => item.below(field) !== undefined));
  return found?.[1] ?? historyLoader;
}

/** The newest message that a participant has read. */
const readMessageLoader: LoaderDefinition<Participant, MessageId | null> = {
  batch: ({ em }, participants) =>
    readMessageIds(
      em,
      participants.map(({ roomId, readNo }) => ({ roomId, no: readNo })),
    ),
};

/** What is read of messages in lists before they are shown. */
export const messageAhead = new ReadAhead<Message>().field("user", async (loaders, messages, below) => {
  const ids = new Set(messages.map(({ userId }) => userId));
  await userAhead.read(loaders, await loaders.loadAll(userLoader, [...ids]), [below]);
});

roomAhead.field("lastMessage", async (loaders, rooms, below) => {
  const messages = await loaders.loadAll(lastMessageLoader, idsOf(rooms));
  await messageAhead.read(
    loaders,
    messages.filter((message) => message !== undefined),
    [below],
  );
});

participantAhead.field("lastReadMessageId", (loaders, participants) =>
  loaders.loadAll(
    readMessageLoader,
    participants.filter(({ readNo }) => readNo > 0),
  ),
);

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
    @Ctx() { scope, loaders }: Operation,
    @Arg("id", () => ID, { description: "The message's number." }) id: string,
  ): Promise<Message | null> {
    const messageId = parseId<MessageId>(id);
    const message = messageId === undefined ? undefined : await loaders.load(viewedMessageLoader, messageId);
    if (message === undefined) noteHidden(scope, noSuchMessage(id));
    return message ?? null;
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
  user(@Ctx() { loaders }: Operation, @Root() message: Message): MaybePromise<User> {
    return loaders.load(userLoader, message.userId);
  }

  @FieldResolver(() => [UserType], { description: "The participants whom it mentions by `@username`." })
  mentions(@Ctx() { loaders }: Operation, @Root() message: Message): MaybePromise<readonly User[]> {
    return loaders.loadAll(userLoader, message.mentionIds);
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
  lastMessage(@Ctx() operation: Operation, @Root() room: Room): MaybePromise<Message | null> {
    return andThen(stateOf(operation, room), (state) => {
      if (state === undefined) return null;
      return andThen(operation.loaders.load(lastMessageLoader, room.id), (message) => message ?? null);
    });
  }

  @FieldResolver(() => MessageConnection, {
    description: "The history, ascending; the newest 50 when nothing else is asked for.",
  })
  async messages(
    @Ctx() operation: Operation,
    @Root() room: Room,
    @Info() info: GraphQLResolveInfo,
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
    const items = selectionsOfItems(info);
    const loader = historyLoaderFor(items);
    const read = (window: MessageWindow) => operation.loaders.load(loader, { of: room.id, page: window });
    const history = await historyPage(operation.scope, { roomId: room.id, read }, page, around ?? undefined);
    await messageAhead.read(operation.loaders, history.nodes, items);
    return history;
  }
}

@Resolver(() => ParticipantType)
export class ParticipantMessagesResolver {
  @FieldResolver(() => ID, { nullable: true, description: "The newest message that they have read." })
  lastReadMessageId(@Ctx() { loaders }: Operation, @Root() participant: Participant): MaybePromise<MessageId | null> {
    return participant.readNo === 0 ? null : loaders.load(readMessageLoader, participant);
  }
}
