import { GraphQLUpload, type FileUpload } from "graphql-upload-ts";
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { Operation } from "../../platform/operation.js";
import { incomingFile } from "../attachments/attachment.graphql.js";
import { deleteMessage, editMessage, sendMessage } from "./message.actions.js";
import { ChatMessageType, MessageTypeEnum } from "./message.graphql.js";
import type { Message, MessageId } from "./message.js";

@InputType({ description: "A message to send." })
class SendChatMessageInput {
  @Field(() => ID, { description: "The room." })
  readonly roomId: string;

  @Field(() => String, { defaultValue: "", description: "1 to 10,000 characters; may be empty beside a file." })
  readonly content: string;

  @Field(() => GraphQLUpload, {
    nullable: true,
    description:
      "A file, by the GraphQL multipart request specification: jpg, jpeg, png, gif, webp, pdf, doc, docx or txt.",
  })
  readonly attachment?: Promise<FileUpload> | null;

  @Field(() => MessageTypeEnum, { nullable: true, description: "Absent: by what it carries." })
  readonly type?: MessageTypeEnum | null;

  @Field(() => ID, {
    nullable: true,
    description: "A UUID: the same key gets the same message, however often it is sent.",
  })
  readonly clientMutationId?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "What was sent." })
class SendChatMessagePayload {
  @Field(() => ChatMessageType, {
    description: "The message; for a repeated key the one that it stands for, as it now is.",
  })
  readonly message: Message;
}

@InputType({ description: "New words for a message." })
class EditChatMessageInput {
  @Field(() => ID, { description: "One's own message." })
  readonly messageId: string;

  @Field(() => String, { description: "1 to 10,000 characters; may be empty when the message carries a file." })
  readonly content: string;
}

@ObjectType({ simpleResolvers: true, description: "The edited message." })
class EditChatMessagePayload {
  @Field(() => ChatMessageType, { description: "The message." })
  readonly message: Message;
}

@InputType({ description: "A message to delete." })
class DeleteChatMessageInput {
  @Field(() => ID, { description: "One's own message." })
  readonly messageId: string;
}

@ObjectType({ simpleResolvers: true, description: "What was deleted." })
class DeleteChatMessagePayload {
  @Field(() => ID, { description: "The message that is no more." })
  readonly messageId: MessageId;
}

@Resolver()
export class MessageChangesResolver {
  @Mutation(() => SendChatMessagePayload, { description: "Writes a message into one of the viewer's rooms." })
  async sendChatMessage(
    @Ctx() operation: Operation,
    @Arg("input", () => SendChatMessageInput, { description: "What, and where." }) input: SendChatMessageInput,
  ): Promise<SendChatMessagePayload> {
    const { roomId, content, type, attachment, clientMutationId } = input;
    return {
      message: await sendMessage(operation.scope, {
        roomId,
        content,
        type: type ?? undefined,
        attachment:
          attachment === null || attachment === undefined ? undefined : await incomingFile(attachment, operation),
        clientMutationId: clientMutationId ?? undefined,
      }),
    };
  }

  @Mutation(() => EditChatMessagePayload, { description: "Changes the words of one's own message." })
  async editChatMessage(
    @Ctx() { scope }: Operation,
    @Arg("input", () => EditChatMessageInput, { description: "Which, and how." }) input: EditChatMessageInput,
  ): Promise<EditChatMessagePayload> {
    return { message: await editMessage(scope, input) };
  }

  @Mutation(() => DeleteChatMessagePayload, { description: "Deletes one's own message, for everybody." })
  async deleteChatMessage(
    @Ctx() { scope }: Operation,
    @Arg("input", () => DeleteChatMessageInput, { description: "Which." }) input: DeleteChatMessageInput,
  ): Promise<DeleteChatMessagePayload> {
    return { messageId: await deleteMessage(scope, input) };
  }
}
