import { GraphQLDateTime } from "graphql-scalars";
import {
  Arg,
  Args,
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
import { parseId, type UserId } from "../../platform/ids.js";
import { grouped, inOrder, pagesOf, type LoaderDefinition, type PageKey } from "../../platform/loaders.js";
import type { Operation } from "../../platform/operation.js";
import {
  formatPageCursor,
  parsePage,
  parsePageCursor,
  toConnection,
  type Connection,
  type PageArguments,
} from "../../platform/paging.js";
import { connectionTypes } from "../../platform/paging.graphql.js";
import type { ProjectId, User } from "../directory/directory.js";
import { ownProject } from "../directory/directory.queries.js";
import {
  ownProjectLoader,
  projectLoader,
  ProjectType,
  userLoader,
  UserType,
  type GraphProject,
} from "../directory/directory.graphql.js";
import { headOf, type Head } from "../feed/feed.queries.js";
import { formatCursor, roomStream, userStream } from "../feed/stream.js";
import { ParticipantType } from "./participant.graphql.js";
import {
  listRooms,
  listRoomsOfProjects,
  participantsOf,
  viewedRoom,
  viewedRoomsByIds,
  type ListedRoom,
  type RoomListing,
  type RoomPlace,
} from "./room.queries.js";
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
  batch: async ({ actor, em }, ids) =>
    grouped(ids, await participantsOf(em, ids, actor.id), (participant) => participant.roomId),
};

/** Pages of the viewer's rooms in each of their projects. */
const projectRoomsLoader: LoaderDefinition<PageKey<ProjectId, RoomListing>, readonly ListedRoom[]> = {
  batch: ({ actor, em }, keys) =>
    pagesOf(keys, (projectIds, listing) => listRoomsOfProjects(em, actor.id, projectIds, listing)),
};

/** Where the viewer's own stream stands. */
const viewerHeadLoader: LoaderDefinition<UserId, Head | undefined> = {
  batch: ({ em }, userIds) => Promise.all(userIds.map((userId) => headOf(em, userStream(userId)))),
};

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

const rooms = connectionTypes("ChatRoom", () => RoomType, "room");

@ObjectType("ChatRoomConnection", { simpleResolvers: true, description: "A page of the viewer's rooms." })
export class RoomConnection extends rooms.Connection {
  @Field(() => String, {
    description:
      "The position of the viewer's own stream, read before the rooms: follow `chatEvents` after it, and no room is missed.",
  })
  readonly headCursor: string;
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
export async function stateOf({ loaders }: Operation, room: Room | ViewedRoom): Promise<RoomState | undefined> {
  return "state" in room ? room.state : (await loaders.load(roomLoader, room.id))?.state;
}

@Resolver(() => RoomType)
export class RoomResolver {
  @Query(() => RoomConnection, { description: "The viewer's rooms, latest activity first." })
  async chatRooms(
    @Ctx() operation: Operation,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("projectId", () => ID, {
      nullable: true,
      description: "Only rooms of this project; one that is not the viewer's has none.",
    })
    projectId: string | null | undefined,
  ): Promise<Connection<ListedRoom> & { readonly headCursor: string }> {
    const { em, actor } = operation.scope;
    if (typeof projectId !== "string") return listPage(operation, page, undefined);
    const project = await ownProject(em, actor.id, { hostId: projectId });
    return listPage(operation, page, project?.id ?? null);
  }

  @Query(() => RoomType, {
    nullable: true,
    description: "One of the viewer's rooms; null when there is none with this id, or it is not theirs.",
  })
  async chatRoom(
    @Ctx() { scope }: Operation,
    @Arg("id", () => ID, { description: "The room's number." }) id: string,
  ): Promise<ViewedRoom | null> {
    return (await viewedRoom(scope.em, scope.actor.id, id)) ?? null;
  }

  @FieldResolver(() => ProjectType, { description: "The project that the room belongs to." })
  async project(@Ctx() { loaders }: Operation, @Root() room: Room): Promise<GraphProject | undefined> {
    return loaders.load(projectLoader, room.projectId);
  }

  @FieldResolver(() => [ParticipantType], { description: "Who is in the room, longest-standing first." })
  async participants(@Ctx() operation: Operation, @Root() room: Room): Promise<readonly Participant[]> {
    return (await stateOf(operation, room)) === undefined ? [] : operation.loaders.load(participantsLoader, room.id);
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: "Who created it; null once the host product has deleted that person.",
  })
  createdBy(@Ctx() { loaders }: Operation, @Root() room: Room): Promise<User> | null {
    return room.createdById === null ? null : loaders.load(userLoader, room.createdById);
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: "Who renames it, removes others and deletes it; null in a direct room.",
  })
  owner(@Ctx() { loaders }: Operation, @Root() room: Room): Promise<User> | null {
    return room.ownerId === null ? null : loaders.load(userLoader, room.ownerId);
  }

  @FieldResolver(() => Int, { description: "Others' messages that the viewer has not read: exact as of `headSeq`." })
  async unreadCount(@Ctx() operation: Operation, @Root() room: Room): Promise<number> {
    return (await stateOf(operation, room))?.unreadCount ?? 0;
  }

  @FieldResolver(() => Int, { description: "How many of the unread messages mention the viewer." })
  async unreadMentionCount(@Ctx() operation: Operation, @Root() room: Room): Promise<number> {
    return (await stateOf(operation, room))?.unreadMentionCount ?? 0;
  }

  @FieldResolver(() => String, {
    description:
      "The position of the room's stream, read before everything else of the room: subscribe after it, and nothing is missed.",
  })
  async headCursor(@Ctx() operation: Operation, @Root() room: Room): Promise<string> {
    const state = await stateOf(operation, room);
    return formatCursor({ stream: roomStream(room.id), epoch: state?.epoch ?? "", seq: state?.headSeq ?? 0 });
  }

  @FieldResolver(() => Int, {
    description: "The `seq` of `headCursor`: an event up to it is already in this snapshot.",
  })
  async headSeq(@Ctx() operation: Operation, @Root() room: Room): Promise<number> {
    return (await stateOf(operation, room))?.headSeq ?? 0;
  }

  @FieldResolver(() => String, { description: "What to call the room: a group's name, or the other person's name." })
  async displayName(@Ctx() operation: Operation, @Root() room: Room): Promise<string> {
    const { scope, loaders } = operation;
    if (room.type === "group" || (await stateOf(operation, room)) === undefined) return room.name;
    const participants = await loaders.load(participantsLoader, room.id);
    const other = otherOf(room, participants, scope.actor.id);
    return other === undefined ? room.name : (await loaders.load(userLoader, other.userId)).displayName;
  }
}

@Resolver(() => ProjectType)
export class ProjectRoomsResolver {
  @FieldResolver(() => RoomConnection, {
    nullable: true,
    description: "The viewer's rooms in this project, latest activity first. Null when the viewer is not a member.",
  })
  async chatRooms(
    @Ctx() operation: Operation,
    @Root() project: GraphProject,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<ListedRoom> | null> {
    const own = await operation.loaders.load(ownProjectLoader, project.hostId);
    return own === undefined ? null : listPage(operation, page, own.id);
  }
}

/** @param projectId only this project's rooms; null for a project that has none for the viewer */
async function listPage(
  { scope, loaders }: Operation,
  args: PageArgs,
  projectId: ProjectId | null | undefined,
): Promise<Connection<ListedRoom> & { readonly headCursor: string }> {
  const { actor, em } = scope;
  const page = parsePage(args, "start");
  // The head is read first: a room that comes in between is then both in the list and in the events after the head.
  const head = await loaders.load(viewerHeadLoader, actor.id);
  const listing: RoomListing = {
    after: parsePlace(page.after, "after"),
    before: parsePlace(page.before, "before"),
    limit: page.limit,
    from: page.from,
  };
  const list = () =>
    projectId === undefined
      ? listRooms(em, actor.id, listing)
      : projectId === null
        ? []
        : loaders.load(projectRoomsLoader, { of: projectId, page: listing });
  const found = await list();
  const inListOrder = page.from === "start" ? found : found.toReversed();
  const connection = toConnection(inListOrder, page, (room) =>
    formatPageCursor([room.place.updatedAtMicros, room.place.id]),
  );
  return { ...connection, headCursor: head === undefined ? "" : formatCursor(head) };
}

function parsePlace(cursor: string | undefined, field: string): RoomPlace | undefined {
  if (cursor === undefined) return undefined;
  const [updatedAtMicros, number] = parsePageCursor(cursor, field, ["string", "number"]);
  const id = parseId<RoomId>(number);
  if (id === undefined || !/^\d{1,18}$/.test(String(updatedAtMicros))) return parsePlace("", field);
  return { updatedAtMicros: String(updatedAtMicros), id };
}
