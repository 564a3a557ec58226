import { GraphQLDateTime } from "graphql-scalars";
import {
  Arg,
  ArgsType,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from "type-graphql";
import { andThen, grouped, inOrder, type LoaderDefinition, type MaybePromise } from "../../platform/loaders.js";
import { noteHidden } from "../../platform/refusals.js";
import { noSuchRoom } from "./room.access.js";
import type { Operation } from "../../platform/operation.js";
import type { PageArguments } from "../../platform/paging.js";
import { ReadAhead } from "../../platform/read-ahead.graphql.js";
import type { User } from "../directory/directory.js";
import {
  primePeople,
  projectLoader,
  ProjectType,
  userLoader,
  UserType,
  type GraphProject,
} from "../directory/directory.graphql.js";
import { formatCursor, roomStream } from "../feed/stream.js";
import { participantAhead, ParticipantType } from "./participant.graphql.js";
import { participantsInView, viewedRoom, viewedRoomsByIds } from "./room.queries.js";
import { otherOf, type Participant, type Room, type RoomId, type RoomState, type ViewedRoom } from "./room.js";

/** GraphQL's names for the kinds of rooms. */
export enum RoomTypeEnum {
  DIRECT = "direct",
  GROUP = "group",
}
registerEnumType(RoomTypeEnum, {
  name: "ChatRoomType",
  description: "What kind of room it is.",
  valuesConfig: {
    DIRECT: { description: "Exactly two people, one such room for each pair and project." },
    GROUP: { description: "A named room." },
  },
});

/** The viewer's rooms by number. */
export const roomLoader: LoaderDefinition<RoomId, ViewedRoom | undefined> = {
  batch: async ({ actor, em }, ids) => inOrder(ids, await viewedRoomsByIds(em, actor.id, ids), (room) => room.id),
};

/** The participants of rooms that the viewer was seen to be in. */
export const participantsLoader: LoaderDefinition<RoomId, readonly Participant[]> = {
  async batch({ actor, em }, ids, prime) {
    const { participants, users } = await participantsInView(em, actor.id, ids);
    primePeople(prime, users);
    return grouped(ids, participants, (participant) => participant.roomId);
  },
};

/** What is read of rooms in lists before they are shown. */
export const roomAhead = new ReadAhead<Room>()
  .field("participants", async (loaders, rooms, below) => {
    const lists = await loaders.loadAll(participantsLoader, idsOf(rooms));
    await participantAhead.read(loaders, lists.flat(), [below]);
  })
  .field("displayName", (loaders, rooms) =>
    loaders.loadAll(participantsLoader, idsOf(rooms.filter(({ type }) => type === "direct"))),
  );

export const idsOf = (rooms: readonly Room[]): readonly RoomId[] => rooms.map(({ id }) => id);

@ObjectType("ChatRoom", {
  simpleResolvers: true,
  description: "A conversation inside one project. It exists only for its participants.",
})
@Directive('@key(fields: "id")')
export class RoomType {
  @Field(() => ID, { description: "The room's number." })
  readonly id: RoomId;

  @Field(() => String, { description: "The group's name; empty for a direct room." })
  readonly name: string;

  @Field(() => RoomTypeEnum, { description: "Direct or group." })
  readonly type: Room["type"];

  @Field(() => GraphQLDateTime, { description: "When it was created." })
  readonly createdAt: string;

  @Field(() => GraphQLDateTime, {
    description:
      "Moves with messages sent and with changes of the room and its participants; not with edits, deletions, reactions or reading.",
  })
  readonly updatedAt: string;
}

@ArgsType()
export class PageArgs implements PageArguments {
  @Field(() => Int, { nullable: true, description: "How many from the start, 1 to 100." })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: "Only those after this cursor." })
  readonly after?: string | null;

  @Field(() => Int, { nullable: true, description: "How many from the end, 1 to 100." })
  readonly last?: number | null;

  @Field(() => String, { nullable: true, description: "Only those before this cursor." })
  readonly before?: string | null;
}

/**
 * What only the viewer's room has; an event carries a room without it. Undefined when the viewer has left the room since:
 * then nothing of it is shown but what the event itself says.
 */
export function stateOf({ loaders }: Operation, room: Room | ViewedRoom): MaybePromise<RoomState | undefined> {
  return "state" in room ? room.state : andThen(loaders.load(roomLoader, room.id), (viewed) => viewed?.state);
}

@Resolver(() => RoomType)
export class RoomResolver {
  @Query(() => RoomType, {
    nullable: true,
    description: "One of the viewer's rooms; null when there is none with this id, or it is not theirs.",
  })
  async chatRoom(
    @Ctx() { scope }: Operation,
    @Arg("id", () => ID, { description: "The room's number." }) id: string,
  ): Promise<ViewedRoom | null> {
    const room = await viewedRoom(scope.em, scope.actor.id, id);
    if (room === undefined) noteHidden(scope, noSuchRoom(id));
    return room ?? null;
  }

  @FieldResolver(() => ProjectType, { description: "The project that the room belongs to." })
  project(@Ctx() { loaders }: Operation, @Root() room: Room): MaybePromise<GraphProject | undefined> {
    return loaders.load(projectLoader, room.projectId);
  }

  @FieldResolver(() => [ParticipantType], { description: "Who is in the room, longest-standing first." })
  participants(@Ctx() operation: Operation, @Root() room: Room): MaybePromise<readonly Participant[]> {
    return andThen(stateOf(operation, room), (state) =>
      state === undefined ? [] : operation.loaders.load(participantsLoader, room.id),
    );
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: "Who created it; null once the host product has deleted that person.",
  })
  createdBy(@Ctx() { loaders }: Operation, @Root() room: Room): MaybePromise<User> | null {
    return room.createdById === null ? null : loaders.load(userLoader, room.createdById);
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: "Who renames it, removes others and deletes it; null in a direct room.",
  })
  owner(@Ctx() { loaders }: Operation, @Root() room: Room): MaybePromise<User> | null {
    return room.ownerId === null ? null : loaders.load(userLoader, room.ownerId);
  }

  @FieldResolver(() => Int, { description: "Others' messages that the viewer has not read: exact as of `headSeq`." })
  unreadCount(@Ctx() operation: Operation, @Root() room: Room): MaybePromise<number> {
    return andThen(stateOf(operation, room), (state) => state?.unreadCount ?? 0);
  }

  @FieldResolver(() => Int, { description: "How many of the unread messages mention the viewer." })
  unreadMentionCount(@Ctx() operation: Operation, @Root() room: Room): MaybePromise<number> {
    return andThen(stateOf(operation, room), (state) => state?.unreadMentionCount ?? 0);
  }

  @FieldResolver(() => String, {
    description:
      "The position of the room's stream, read before everything else of the room: subscribe after it, and nothing is missed.",
  })
  headCursor(@Ctx() operation: Operation, @Root() room: Room): MaybePromise<string> {
    return andThen(stateOf(operation, room), (state) =>
      formatCursor({ stream: roomStream(room.id), epoch: state?.epoch ?? "", seq: state?.headSeq ?? 0 }),
    );
  }

  @FieldResolver(() => Int, {
    description: "The `seq` of `headCursor`: an event up to it is already in this snapshot.",
  })
  headSeq(@Ctx() operation: Operation, @Root() room: Room): MaybePromise<number> {
    return andThen(stateOf(operation, room), (state) => state?.headSeq ?? 0);
  }

  @FieldResolver(() => String, { description: "What to call the room: a group's name, or the other person's name." })
  displayName(@Ctx() operation: Operation, @Root() room: Room): MaybePromise<string> {
    return room.type === "group" ? room.name : nameOfDirect(operation, room);
  }
}

function nameOfDirect(operation: Operation, room: Room): MaybePromise<string> {
  const { scope, loaders } = operation;
  return andThen(stateOf(operation, room), (state) =>
    andThen(state === undefined ? [] : loaders.load(participantsLoader, room.id), (participants) => {
      const other = otherOf(room, participants, scope.actor.id);
      if (other === undefined) return room.name;
      return andThen(loaders.load(userLoader, other.userId), ({ displayName }) => displayName);
    }),
  );
}
