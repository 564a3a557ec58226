import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { Operation } from "../../platform/operation.js";
import type { RoomId } from "../rooms/room.js";
import { setTyping } from "./typing.actions.js";

@InputType({ description: "Whether the viewer is typing." })
class SetChatTypingInput {
  @Field(() => ID, { description: "The room." })
  readonly roomId: string;

  @Field(() => Boolean, { description: "True while typing, to be repeated every 2 s; it ends by itself after 3 s." })
  readonly isTyping: boolean;
}

@ObjectType({ simpleResolvers: true, description: "What was said." })
class SetChatTypingPayload {
  @Field(() => ID, { description: "The room." })
  readonly roomId: RoomId;

  @Field(() => Boolean, { description: "Whether the viewer is typing." })
  readonly isTyping: boolean;
}

@Resolver()
export class TypingResolver {
  @Mutation(() => SetChatTypingPayload, {
    description: "Tells the others in the room that the viewer is typing, or has stopped. Nothing of it is kept.",
  })
  async setChatTyping(
    @Ctx() { scope }: Operation,
    @Arg("input", () => SetChatTypingInput, { description: "Where, and whether." }) input: SetChatTypingInput,
  ): Promise<SetChatTypingPayload> {
    return { roomId: await setTyping(scope, input), isTyping: input.isTyping };
  }
}
