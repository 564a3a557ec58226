import { Arg, Ctx, Directive, FieldResolver, ID, Int, ObjectType, Query, Resolver, Root } from "type-graphql";
import { parseId, type UserId } from "../../platform/ids.js";
import { inOrder, pagesOf, type LoaderDefinition, type PageKey, type Prime } from "../../platform/loaders.js";
import type { Operation } from "../../platform/operation.js";
import { formatPageCursor, parsePage, parsePageCursor, toConnection, type Connection } from "../../platform/paging.js";
import { connectionTypes } from "../../platform/paging.graphql.js";
import { ReadAhead } from "../../platform/read-ahead.graphql.js";
import { DELETED_USER_NAME, type Project, type ProjectId, type User } from "./directory.js";
import {
  knownUsersByHostIds,
  ownProjectsByHostIds,
  projectsByIds,
  projectsOf,
  usersByIds,
} from "./directory.queries.js";
import { membersOfProjects, type MemberPage } from "./member.queries.js";

/** A person as the graph sees them; one whom the viewer may not know has nothing but the id that they asked by. */
export type GraphUser = User | { readonly hostId: string };
export type GraphProject = Project | { readonly hostId: string };

@ObjectType("User", {
  simpleResolvers: true,
  description: "A person. The type belongs to the host product; chat adds what it knows of them.",
})
@Directive('@key(fields: "id")')
export class UserType {}

@ObjectType("Project", {
  simpleResolvers: true,
  description: "A project. The type belongs to the host product; chat adds its rooms and members.",
})
@Directive('@key(fields: "id")')
export class ProjectType {}

const members = connectionTypes("ChatMember", () => UserType, "member of a project");
export const ChatMemberConnection = members.Connection;

/** People by number, for edges whose start was authorised. */
export const userLoader: LoaderDefinition<UserId, User> = {
  async batch({ em }, ids) {
    const byId = new Map((await usersByIds(em, ids)).map((user) => [user.id, user]));
    return ids.map((id) => byId.get(id) ?? deletedUser(id));
  },
};

/** What is read of people in lists before they are shown. */
export const userAhead = new ReadAhead<User>();

/** People who came along with what names them. */
export function primePeople(prime: Prime, users: readonly User[]): void {
  for (const user of users) prime(userLoader, user.id, user);
}

/** People by host id, as far as the viewer may know them. */
export const knownUserLoader: LoaderDefinition<string, User | undefined> = {
  batch: async ({ actor, em }, hostIds) =>
    inOrder(hostIds, await knownUsersByHostIds(em, actor.id, hostIds), (user) => user.hostId),
};

/** Projects by number, for edges whose start was authorised. */
export const projectLoader: LoaderDefinition<ProjectId, Project | undefined> = {
  batch: async ({ em }, ids) => inOrder(ids, await projectsByIds(em, ids), (project) => project.id),
};

/** Pages of the members of projects that the viewer was seen to be in. */
const membersLoader: LoaderDefinition<PageKey<ProjectId, MemberPage>, readonly User[]> = {
  batch: ({ em }, keys) => pagesOf(keys, (projectIds, page) => membersOfProjects(em, projectIds, page)),
};

/** The viewer's own projects, by host id. */
export const ownProjectLoader: LoaderDefinition<string, Project | undefined> = {
  batch: async ({ actor, em }, hostIds) =>
    inOrder(hostIds, await ownProjectsByHostIds(em, actor.id, hostIds), (project) => project.hostId),
};

function deletedUser(id: UserId): User {
  return { id, hostId: "", username: "", displayName: DELETED_USER_NAME };
}

@Resolver(() => UserType)
export class UserResolver {
  @Query(() => UserType, { description: "The person whom the token names." })
  chatViewer(@Ctx() { scope }: Operation): User {
    return scope.actor;
  }

  @FieldResolver(() => ID, { description: "The host product's id of this person." })
  id(@Root() user: GraphUser): string {
    return user.hostId;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "The name to mention them by. Null when the viewer may not know this person.",
  })
  chatUsername(@Root() user: GraphUser): string | null {
    return "username" in user ? user.username : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "The name to show. Null when the viewer may not know this person.",
  })
  chatDisplayName(@Root() user: GraphUser): string | null {
    return "displayName" in user ? user.displayName : null;
  }
}

@Resolver(() => ProjectType)
export class ProjectResolver {
  @Query(() => [ProjectType], { description: "The viewer's projects, by name." })
  chatProjects(@Ctx() { scope }: Operation): Promise<readonly Project[]> {
    return projectsOf(scope.em, scope.actor.id);
  }

  @FieldResolver(() => ID, { description: "The host product's id of this project." })
  id(@Root() project: GraphProject): string {
    return project.hostId;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "The name to show. Null when the viewer is not a member.",
  })
  chatName(@Root() project: GraphProject): string | null {
    return "name" in project ? project.name : null;
  }

  @FieldResolver(() => ChatMemberConnection, {
    nullable: true,
    description: "The project's members by name. Null when the viewer is not one of them.",
  })
  async chatMembers(
    @Ctx() { loaders }: Operation,
    @Root() project: GraphProject,
    @Arg("query", () => String, { nullable: true, description: "Part of a username or display name." }) search:
      | string
      | null
      | undefined,
    @Arg("first", () => Int, { nullable: true, description: "How many, 1 to 100; 50 when absent." }) first:
      | number
      | null
      | undefined,
    @Arg("after", () => String, { nullable: true, description: "Only those after this cursor." }) after:
      | string
      | null
      | undefined,
  ): Promise<Connection<User> | null> {
    const own = await loaders.load(ownProjectLoader, project.hostId);
    if (own === undefined) return null;
    const page = parsePage({ first, after }, "start");
    const wanted = { search: search ?? "", after: parseMemberPlace(page.after), limit: page.limit };
    const found = await loaders.load(membersLoader, { of: own.id, page: wanted });
    return toConnection(found, page, (user) => formatPageCursor([user.displayName, user.id]));
  }
}

function parseMemberPlace(cursor: string | undefined): { name: string; id: UserId } | undefined {
  if (cursor === undefined) return undefined;
  const [name, number] = parsePageCursor(cursor, "after", ["string", "number"]);
  const id = parseId<UserId>(number);
  if (id === undefined || String(name).includes("\u0000")) return parseMemberPlace("");
  return { name: String(name), id };
}
