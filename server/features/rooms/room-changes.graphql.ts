import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { notFound } from "../../platform/errors.js";
import type { Operation } from "../../platform/operation.js";
import { userLoader } from "../directory/directory.graphql.js";
import { addParticipant, removeParticipant } from "./participant.actions.js";
import { ParticipantType } from "./participant.graphql.js";
import { createRoom, deleteRoom, renameRoom } from "./room.actions.js";
import { roomLoader, RoomType, RoomTypeEnum } from "./room.graphql.js";
import type { Participant, RoomId, ViewedRoom } from "./room.js";

@InputType({ description: "A room to create." })
class CreateChatRoomInput {
  @Field(() => RoomTypeEnum, { description: "Direct or group." })
  readonly type: RoomTypeEnum;

  @Field(() => ID, { description: "One of the viewer's projects." })
  readonly projectId: string;

  @Field(() => String, {
    nullable: true,
    description: "Required for a group, 1 to 255 characters; ignored for a direct room.",
  })
  readonly name?: string | null;

  @Field(() => [ID], {
    description:
      "Members of the project who shall be in it; the viewer always is. A direct room takes exactly one other.",
  })
  readonly participantIds: readonly string[];
}

@ObjectType({
  simpleResolvers: true,
  description: "The room that was created, or the direct room that there was already.",
})
class CreateChatRoomPayload {
  @Field(() => RoomType, { description: "The room." })
  readonly room: ViewedRoom;
}

@InputType({ description: "A new name for a group." })
class RenameChatRoomInput {
  @Field(() => ID, { description: "The room." })
  readonly roomId: string;

  @Field(() => String, { description: "1 to 255 characters." })
  readonly name: string;
}

@ObjectType({ simpleResolvers: true, description: "The room under its new name." })
class RenameChatRoomPayload {
  @Field(() => RoomType, { description: "The room." })
  readonly room: ViewedRoom;
}

@InputType({ description: "A group to delete." })
class DeleteChatRoomInput {
  @Field(() => ID, { description: "The room." })
  readonly roomId: string;
}

@ObjectType({ simpleResolvers: true, description: "What was deleted." })
class DeleteChatRoomPayload {
  @Field(() => ID, { description: "The room that is no more." })
  readonly roomId: RoomId;
}

@InputType({ description: "Somebody to add to a group." })
class AddChatParticipantInput {
  @Field(() => ID, { description: "The room." })
  readonly roomId: string;

  @Field(() => ID, { description: "A member of the room's project." })
  readonly userId: string;
}

@ObjectType({ simpleResolvers: true, description: "Who was added, or was in the room already." })
class AddChatParticipantPayload {
  @Field(() => ParticipantType, { description: "Their place in the room." })
  readonly participant: Participant;
}

@InputType({ description: "Somebody to remove from a group; oneself to leave it." })
class RemoveChatParticipantInput {
  @Field(() => ID, { description: "The room." })
  readonly roomId: string;

  @Field(() => ID, { description: "Who shall go." })
  readonly userId: string;
}

@ObjectType({ simpleResolvers: true, description: "Who was removed from where." })
class RemoveChatParticipantPayload {
  @Field(() => ID, { description: "The room." })
  readonly roomId: RoomId;

  @Field(() => ID, { description: "Who is no longer in it." })
  readonly userId: string;
}

@Resolver()
export class RoomChangesResolver {
  @Mutation(() => CreateChatRoomPayload, {
    description: "Creates a group, or returns the one direct room of two people in a project.",
  })
  async createChatRoom(
    @Ctx() operation: Operation,
    @Arg("input", () => CreateChatRoomInput, { description: "The room." }) input: CreateChatRoomInput,
  ): Promise<CreateChatRoomPayload> {
    const participants = input.participantIds.map((hostId) => ({ hostId }));
    const { room } = await createRoom(operation.scope, {
      type: input.type,
      name: input.name ?? undefined,
      project: { hostId: input.projectId },
      participants,
    });
    return { room: await viewed(operation, room.id) };
  }

  @Mutation(() => RenameChatRoomPayload, { description: "Renames a group. For its owner." })
  async renameChatRoom(
    @Ctx() operation: Operation,
    @Arg("input", () => RenameChatRoomInput, { description: "Which, and how." }) input: RenameChatRoomInput,
  ): Promise<RenameChatRoomPayload> {
    const room = await renameRoom(operation.scope, input);
    return { room: await viewed(operation, room.id) };
  }

  @Mutation(() => DeleteChatRoomPayload, { description: "Deletes a group with everything in it. For its owner." })
  async deleteChatRoom(
    @Ctx() { scope }: Operation,
    @Arg("input", () => DeleteChatRoomInput, { description: "Which." }) input: DeleteChatRoomInput,
  ): Promise<DeleteChatRoomPayload> {
    return { roomId: await deleteRoom(scope, input) };
  }

  @Mutation(() => AddChatParticipantPayload, {
    description: "Adds a member of the project to a group. For every participant.",
  })
  async addChatParticipant(
    @Ctx() { scope }: Operation,
    @Arg("input", () => AddChatParticipantInput, { description: "Whom, and where." }) input: AddChatParticipantInput,
  ): Promise<AddChatParticipantPayload> {
    return addParticipant(scope, { roomId: input.roomId, person: { hostId: input.userId } });
  }

  @Mutation(() => RemoveChatParticipantPayload, {
    description: "Removes somebody from a group. For its owner, and for everyone to leave.",
  })
  async removeChatParticipant(
    @Ctx() { scope, loaders }: Operation,
    @Arg("input", () => RemoveChatParticipantInput, { description: "Whom, and where." })
    input: RemoveChatParticipantInput,
  ): Promise<RemoveChatParticipantPayload> {
    const { roomId, userId } = await removeParticipant(scope, {
      roomId: input.roomId,
      person: { hostId: input.userId },
    });
    return { roomId, userId: (await loaders.load(userLoader, userId)).hostId };
  }
}

async function viewed({ loaders }: Operation, roomId: RoomId): Promise<ViewedRoom> {
  const room = await loaders.load(roomLoader, roomId);
  if (room === undefined) throw notFound("This room");
  return room;
}
