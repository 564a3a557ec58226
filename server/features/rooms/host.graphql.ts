import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from "type-graphql";
import type { Operation } from "../../platform/operation.js";
import type { UpsertCounts } from "../directory/host-rows.js";
import { upsertProjects, upsertUsers } from "./host.actions.js";

@InputType({ description: "A person as the host product knows them." })
class ChatUserRow {
  @Field(() => ID, { description: "The host product's id, 1 to 255 characters." })
  readonly id: string;

  @Field(() => String, {
    nullable: true,
    description: "The name to mention them by, 1 to 255 characters; required, but for who is deleted.",
  })
  readonly username?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The name to show, 1 to 255 characters; required, but for who is deleted.",
  })
  readonly displayName?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "True takes them out of everything, false lets them in again; absent: as it is.",
  })
  readonly isDeleted?: boolean | null;
}

@InputType({ description: "People to make known, to rename or to delete." })
class UpsertChatUsersInput {
  @Field(() => [ChatUserRow], { description: "At most 10000, each once. One bad row refuses all." })
  readonly users: readonly ChatUserRow[];
}

@InputType({ description: "A project as the host product knows it, and who is in it." })
class ChatProjectRow {
  @Field(() => ID, { description: "The host product's id, 1 to 255 characters." })
  readonly id: string;

  @Field(() => String, { nullable: true, description: "1 to 255 characters; required for a new project." })
  readonly name?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: "All its members: who is missing leaves. Instead of addMemberIds and removeMemberIds.",
  })
  readonly memberIds?: readonly string[] | null;

  @Field(() => [ID], { nullable: true, description: "People who shall be in it, too." })
  readonly addMemberIds?: readonly string[] | null;

  @Field(() => [ID], { nullable: true, description: "People who leave it, and with it its rooms." })
  readonly removeMemberIds?: readonly string[] | null;

  @Field(() => Boolean, { nullable: true, description: "True deletes it with all its rooms." })
  readonly isDeleted?: boolean | null;
}

@InputType({ description: "Projects to make known, to rename or to delete, and their members." })
class UpsertChatProjectsInput {
  @Field(() => [ChatProjectRow], {
    description: "At most 10000 with 100000 members, each project once. One bad row refuses all.",
  })
  readonly projects: readonly ChatProjectRow[];
}

@ObjectType({ simpleResolvers: true, description: "What became of the rows about people." })
class UpsertChatUsersPayload {
  @Field(() => Int, { description: "How many were not known before." })
  readonly created: number;

  @Field(() => Int, { description: "How many are different now." })
  readonly changed: number;

  @Field(() => Int, { description: "How many were so already." })
  readonly unchanged: number;
}

@ObjectType({ simpleResolvers: true, description: "What became of the rows about projects." })
class UpsertChatProjectsPayload {
  @Field(() => Int, { description: "How many were not known before." })
  readonly created: number;

  @Field(() => Int, { description: "How many are different now, in name or members." })
  readonly changed: number;

  @Field(() => Int, { description: "How many were so already." })
  readonly unchanged: number;
}

@Resolver()
export class HostResolver {
  @Mutation(() => UpsertChatUsersPayload, {
    description: "Makes people known, renames or deletes them. For the host product, with its service token.",
  })
  async upsertChatUsers(
    @Ctx() { host }: Operation,
    @Arg("input", () => UpsertChatUsersInput, { description: "The people." }) input: UpsertChatUsersInput,
  ): Promise<UpsertCounts> {
    return upsertUsers(host, input);
  }

  @Mutation(() => UpsertChatProjectsPayload, {
    description: "Makes projects and their members known. For the host product, with its service token.",
  })
  async upsertChatProjects(
    @Ctx() { host }: Operation,
    @Arg("input", () => UpsertChatProjectsInput, { description: "The projects." }) input: UpsertChatProjectsInput,
  ): Promise<UpsertCounts> {
    return upsertProjects(host, input);
  }
}
