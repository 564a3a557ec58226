import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { notFound } from "../../platform/errors.js";
import type { Operation } from "../../platform/operation.js";
import { roomLoader, RoomType } from "../rooms/room.graphql.js";
import type { ViewedRoom } from "../rooms/room.js";
import { markRoomRead } from "./receipt.actions.js";

@InputType({ description: "How far a room was read." })
class MarkChatRoomReadInput {
  @Field(() => ID, { description: "The room." })
  readonly roomId: string;

  @Field(() => ID, { nullable: true, description: "The last message that was read; absent: the newest one." })
  readonly messageId?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "The room as it now counts." })
class MarkChatRoomReadPayload {
  @Field(() => RoomType, { description: "The room." })
  readonly room: ViewedRoom;
}

@Resolver()
export class ReceiptResolver {
  @Mutation(() => MarkChatRoomReadPayload, {
    description: "Moves the viewer's read position forward; it never moves back.",
  })
  async markChatRoomRead(
    @Ctx() { scope, loaders }: Operation,
    @Arg("input", () => MarkChatRoomReadInput, { description: "Where, and how far." }) input: MarkChatRoomReadInput,
  ): Promise<MarkChatRoomReadPayload> {
    const roomId = await markRoomRead(scope, { roomId: input.roomId, messageId: input.messageId ?? undefined });
    const room = await loaders.load(roomLoader, roomId);
    if (room === undefined) throw notFound("This room");
    return { room };
  }
}
