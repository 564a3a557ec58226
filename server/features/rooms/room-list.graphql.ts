import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, Field, FieldResolver, ID, Info, ObjectType, Query, Resolver, Root } from "type-graphql";
import { parseId, type UserId } from "../../platform/ids.js";
import { grouped, pagesOf, type LoaderDefinition, type PageKey, type Prime } from "../../platform/loaders.js";
import type { Operation } from "../../platform/operation.js";
import { formatPageCursor, parsePage, parsePageCursor, toConnection, type Connection } from "../../platform/paging.js";
import { connectionTypes } from "../../platform/paging.graphql.js";
import { selectionsOfItems, type Selection } from "../../platform/read-ahead.graphql.js";
import type { ProjectId } from "../directory/directory.js";
import {
  ownProjectLoader,
  primePeople,
  projectLoader,
  ProjectType,
  type GraphProject,
} from "../directory/directory.graphql.js";
import { ownProject } from "../directory/directory.queries.js";
import { headOf, type Head } from "../feed/feed.queries.js";
import { formatCursor, userStream } from "../feed/stream.js";
import { PageArgs, roomAhead, roomLoader, RoomType } from "./room.graphql.js";
import { listRooms, type ListedRoom, type RoomList, type RoomListing, type RoomPlace } from "./room.queries.js";
import type { RoomId } from "./room.js";

/** Pages of the viewer's rooms in each of their projects. */
const projectRoomsLoader: LoaderDefinition<PageKey<ProjectId, RoomListing>, readonly ListedRoom[]> = {
  batch: ({ actor, em }, keys, prime) =>
    pagesOf(keys, async (projectIds, listing) => {
      const list = await listRooms(em, actor.id, listing, projectIds);
      primeList(prime, list);
      return grouped(projectIds, list.rooms, (room) => room.projectId);
    }),
};

/** What every list shows of its rooms came along with them. */
function primeList(prime: Prime, { rooms: listed, users, projects }: RoomList): void {
  for (const room of listed) prime(roomLoader, room.id, room);
  for (const project of projects) prime(projectLoader, project.id, project);
  primePeople(prime, users);
}

/** Where the viewer's own stream stands. */
const viewerHeadLoader: LoaderDefinition<UserId, Head | undefined> = {
  batch: ({ em }, userIds) => Promise.all(userIds.map((userId) => headOf(em, userStream(userId)))),
};

const rooms = connectionTypes("ChatRoom", () => RoomType, "room");

@ObjectType("ChatRoomConnection", { simpleResolvers: true, description: "A page of the viewer's rooms." })
export class RoomConnection extends rooms.Connection {
  @Field(() => String, {
    description:
      "The position of the viewer's own stream, read before the rooms: follow `chatEvents` after it, and no room is missed.",
  })
  readonly headCursor: string;
}

@Resolver()
export class RoomListResolver {
  @Query(() => RoomConnection, { description: "The viewer's rooms, latest activity first." })
  async chatRooms(
    @Ctx() operation: Operation,
    @Info() info: GraphQLResolveInfo,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("projectId", () => ID, {
      nullable: true,
      description: "Only rooms of this project; one that is not the viewer's has none.",
    })
    projectId: string | null | undefined,
  ): Promise<Connection<ListedRoom> & { readonly headCursor: string }> {
    const { em, actor } = operation.scope;
    const listing = { page, items: selectionsOfItems(info) };
    if (typeof projectId !== "string") return listPage(operation, listing, undefined);
    const project = await ownProject(em, actor.id, { hostId: projectId });
    return listPage(operation, listing, project?.id ?? null);
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
    @Info() info: GraphQLResolveInfo,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<ListedRoom> | null> {
    const own = await operation.loaders.load(ownProjectLoader, project.hostId);
    return own === undefined ? null : listPage(operation, { page, items: selectionsOfItems(info) }, own.id);
  }
}

/** Which part of a list is wanted, and what of its rooms. */
interface WantedPage {
  readonly page: PageArgs;
  readonly items: readonly Selection[];
}

/** @param projectId only this project's rooms; null for a project that has none for the viewer */
async function listPage(
  { scope, loaders }: Operation,
  wanted: WantedPage,
  projectId: ProjectId | null | undefined,
): Promise<Connection<ListedRoom> & { readonly headCursor: string }> {
  const page = parsePage(wanted.page, "start");
  const listing: RoomListing = {
    after: parsePlace(page.after, "after"),
    before: parsePlace(page.before, "before"),
    limit: page.limit,
    from: page.from,
  };
  const { head, rooms: found } = await readPage({ scope, loaders }, projectId, listing);
  const inListOrder = page.from === "start" ? found : found.toReversed();
  const connection = toConnection(inListOrder, page, (room) =>
    formatPageCursor([room.place.updatedAtMicros, room.place.id]),
  );
  await roomAhead.read(loaders, connection.nodes, wanted.items);
  return { ...connection, headCursor: head === undefined ? "" : formatCursor(head) };
}

/** The head is no newer than the rooms: one that comes in between is both in the list and in the events after the head. */
async function readPage(
  { scope: { actor, em }, loaders }: Pick<Operation, "scope" | "loaders">,
  projectId: ProjectId | null | undefined,
  listing: RoomListing,
): Promise<Pick<RoomList, "head" | "rooms">> {
  if (projectId === undefined) {
    const list = await listRooms(em, actor.id, listing);
    primeList(loaders.prime, list);
    return list;
  }
  const head = await loaders.load(viewerHeadLoader, actor.id);
  return {
    head,
    rooms: projectId === null ? [] : await loaders.load(projectRoomsLoader, { of: projectId, page: listing }),
  };
}

function parsePlace(cursor: string | undefined, field: string): RoomPlace | undefined {
  if (cursor === undefined) return undefined;
  const [updatedAtMicros, number] = parsePageCursor(cursor, field, ["string", "number"]);
  const id = parseId<RoomId>(number);
  if (id === undefined || !/^\d{1,18}$/.test(String(updatedAtMicros))) return parsePlace("", field);
  return { updatedAtMicros: String(updatedAtMicros), id };
}
