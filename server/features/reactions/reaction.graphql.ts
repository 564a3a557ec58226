import { GraphQLDateTime } from "graphql-scalars";
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from "type-graphql";
import { notFound } from "../../platform/errors.js";
import {
  andThen,
  grouped,
  inOrder,
  pagesOf,
  type LoaderDefinition,
  type MaybePromise,
} from "../../platform/loaders.js";
import type { Operation } from "../../platform/operation.js";
import { PAGE_MAX, parsePage } from "../../platform/paging.js";
import type { User } from "../directory/directory.js";
import { primePeople, userLoader, UserType } from "../directory/directory.graphql.js";
import {
  ChatMessageType,
  messageAhead,
  messageLoader,
  readHistoriesWith,
  type HistoryLoader,
} from "../messages/message.graphql.js";
import type { Message, MessageId } from "../messages/message.js";
import { roomLoader } from "../rooms/room.graphql.js";
import { addReaction, removeReaction } from "./reaction.actions.js";
import { historiesWithReactions, reactionsOf, viewedReactions } from "./reaction.queries.js";
import type { Reaction, ReactionCount, ReactionId } from "./reaction.js";

/** The reactions to messages that the viewer was seen to have. */
const reactionsLoader: LoaderDefinition<MessageId, readonly Reaction[]> = {
  async batch({ actor, em }, ids, prime) {
    const { reactions, users } = await reactionsOf(em, actor.id, ids);
    primePeople(prime, users);
    return grouped(ids, reactions, (reaction) => reaction.messageId);
  },
};

/** Histories with the reactions to their messages. */
const historyWithReactionsLoader: HistoryLoader = {
  batch: ({ actor, em }, keys, prime) =>
    pagesOf(keys, async (roomIds, window) => {
      const { histories, beside, users } = await historiesWithReactions(em, { viewerId: actor.id, roomIds }, window);
      const ids = histories.flat().map(({ id }) => id);
      const reactions = grouped(ids, beside, (reaction) => reaction.messageId);
      for (const [index, id] of ids.entries()) prime(reactionsLoader, id, reactions[index] ?? []);
      primePeople(prime, users);
      return histories;
    }),
};

for (const field of ["reactions", "reactionGroups"]) {
  readHistoriesWith(field, historyWithReactionsLoader);
  messageAhead.field(field, (loaders, messages) =>
    loaders.loadAll(
      reactionsLoader,
      messages.map(({ id }) => id),
    ),
  );
}

/** Reactions by their own numbers, in rooms that the viewer is in. */
export const viewedReactionLoader: LoaderDefinition<ReactionId, Reaction | undefined> = {
  batch: async ({ actor, em }, ids) =>
    inOrder(ids, await viewedReactions(em, actor.id, ids), (reaction) => reaction.id),
};

@ObjectType("MessageReaction", { simpleResolvers: true, description: "One person's emoji on a message." })
@Directive('@key(fields: "id")')
export class ReactionType {
  @Field(() => ID, { description: "The reaction's number." })
  readonly id: ReactionId;

  @Field(() => String, { description: "Exactly one emoji." })
  readonly emoji: string;

  @Field(() => GraphQLDateTime, { description: "When it was put there." })
  readonly createdAt: string;
}

/** All reactions with one emoji to one message. */
interface ReactionGroup extends ReactionCount {
  readonly reactions: readonly Reaction[];
}

@ObjectType("ChatReactionGroup", { simpleResolvers: true, description: "Everybody's use of one emoji on a message." })
export class ReactionGroupType {
  @Field(() => String, { description: "The emoji." })
  readonly emoji: string;

  @Field(() => Int, { description: "How many people used it." })
  readonly count: number;
}

function groupsOf(all: readonly Reaction[]): readonly ReactionGroup[] {
  const byEmoji = Map.groupBy(all, (reaction) => reaction.emoji);
  return [...byEmoji].map(([emoji, reactions]) => ({ emoji, count: reactions.length, reactions }));
}

@Resolver(() => ReactionType)
export class ReactionResolver {
  @FieldResolver(() => ChatMessageType, { description: "The message it is on." })
  async message(@Ctx() { loaders }: Operation, @Root() reaction: Reaction): Promise<Message> {
    const message = await loaders.load(messageLoader, reaction.messageId);
    // An event may outlive the viewer's time in the room; the message is read as it is now, and is not theirs any more.
    const room = message && (await loaders.load(roomLoader, message.roomId));
    if (message === undefined || room === undefined) throw notFound("This message");
    return message;
  }

  @FieldResolver(() => UserType, { description: "Whose it is." })
  user(@Ctx() { loaders }: Operation, @Root() reaction: Reaction): MaybePromise<User> {
    return loaders.load(userLoader, reaction.userId);
  }
}

@Resolver(() => ReactionGroupType)
export class ReactionGroupResolver {
  @FieldResolver(() => Boolean, { description: "Whether the viewer is among them." })
  viewerHasReacted(@Ctx() { scope }: Operation, @Root() group: ReactionGroup): boolean {
    return group.reactions.some((reaction) => reaction.userId === scope.actor.id);
  }

  @FieldResolver(() => [UserType], { description: "Who used it, the first ones first." })
  users(
    @Ctx() { loaders }: Operation,
    @Root() group: ReactionGroup,
    @Arg("first", () => Int, { nullable: true, description: `How many, 1 to ${PAGE_MAX}; 50 when absent.` }) first:
      | number
      | null
      | undefined,
  ): MaybePromise<readonly User[]> {
    const { limit } = parsePage({ first }, "start");
    const shown = group.reactions.slice(0, limit);
    return loaders.loadAll(
      userLoader,
      shown.map(({ userId }) => userId),
    );
  }
}

@Resolver(() => ChatMessageType)
export class MessageReactionsResolver {
  @FieldResolver(() => [ReactionType], { description: "All reactions, in order." })
  reactions(@Ctx() { loaders }: Operation, @Root() message: Message): MaybePromise<readonly Reaction[]> {
    return loaders.load(reactionsLoader, message.id);
  }

  @FieldResolver(() => [ReactionGroupType], { description: "The reactions by emoji, in order of first use." })
  reactionGroups(@Ctx() { loaders }: Operation, @Root() message: Message): MaybePromise<readonly ReactionGroup[]> {
    return andThen(loaders.load(reactionsLoader, message.id), groupsOf);
  }
}

@InputType({ description: "An emoji to put on a message." })
class AddMessageReactionInput {
  @Field(() => ID, { description: "The message." })
  readonly messageId: string;

  @Field(() => String, { description: "Exactly one emoji." })
  readonly emoji: string;
}

@ObjectType({ simpleResolvers: true, description: "The reaction that is there now." })
class AddMessageReactionPayload {
  @Field(() => ReactionType, { description: "The reaction." })
  readonly reaction: Reaction;
}

@InputType({ description: "One's own emoji to take off a message." })
class RemoveMessageReactionInput {
  @Field(() => ID, { description: "The message." })
  readonly messageId: string;

  @Field(() => String, { description: "The emoji." })
  readonly emoji: string;
}

@ObjectType({ simpleResolvers: true, description: "What is not there any more." })
class RemoveMessageReactionPayload {
  @Field(() => ID, { description: "The message." })
  readonly messageId: MessageId;

  @Field(() => String, { description: "The emoji." })
  readonly emoji: string;
}

@Resolver()
export class ReactionChangesResolver {
  @Mutation(() => AddMessageReactionPayload, { description: "Puts an emoji on a message; doing so twice leaves one." })
  async addMessageReaction(
    @Ctx() { scope }: Operation,
    @Arg("input", () => AddMessageReactionInput, { description: "Which emoji, and where." })
    input: AddMessageReactionInput,
  ): Promise<AddMessageReactionPayload> {
    return addReaction(scope, input);
  }

  @Mutation(() => RemoveMessageReactionPayload, {
    description: "Takes one's own emoji off a message; there need not be one.",
  })
  async removeMessageReaction(
    @Ctx() { scope }: Operation,
    @Arg("input", () => RemoveMessageReactionInput, { description: "Which emoji, and where." })
    input: RemoveMessageReactionInput,
  ): Promise<RemoveMessageReactionPayload> {
    return removeReaction(scope, input);
  }
}
