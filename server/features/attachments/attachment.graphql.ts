// This type stands on no other of the graph: TypeGraphQL looks for it here, too.
import "reflect-metadata";
import type { FileUpload } from "graphql-upload-ts";
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from "type-graphql";
import type { Operation } from "../../platform/operation.js";
import { attachmentUrls } from "./attachment.actions.js";
import { brokenOff, tooLarge, type Attachment, type IncomingFile } from "./attachment.js";

@ObjectType("ChatAttachment", { simpleResolvers: true, description: "A file that a message carries." })
export class AttachmentType {
  @Field(() => String, { description: "Its name, to show and to download under." })
  readonly name: string;

  @Field(() => Int, { description: "Its size in bytes." })
  readonly size: number;

  @Field(() => Int, { nullable: true, description: "The width of a picture in pixels; null for other files." })
  readonly width: number | null;

  @Field(() => Int, { nullable: true, description: "The height of a picture in pixels; null for other files." })
  readonly height: number | null;

  @Field(() => String, { description: "Its media type, such as `image/png`." })
  readonly contentType: string;
}

@Resolver(() => AttachmentType)
export class AttachmentResolver {
  @FieldResolver(() => String, {
    description:
      "Where it is: signed, for a while. Ask anew when it has expired, and after somebody was removed from the room.",
  })
  url(@Ctx() { scope }: Operation, @Root() attachment: Attachment): string {
    return attachmentUrls(scope.services.files, attachment).url;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "Where a small version of a picture is (WebP, at most 480 pixels), like `url`; null for other files.",
  })
  thumbnailUrl(@Ctx() { scope }: Operation, @Root() attachment: Attachment): string | null {
    return attachmentUrls(scope.services.files, attachment).thumbnailUrl;
  }
}

/**
 * A file of a multipart request, in the form in which verbs take it.
 * @throws DomainError BAD_USER_INPUT when the request ended before its file
 */
export async function incomingFile(
  upload: Promise<FileUpload>,
  { scope, beginUpload }: Operation,
): Promise<IncomingFile> {
  const { filename, mimetype, createReadStream } = await upload.catch(() => {
    throw brokenOff();
  });
  return {
    name: filename,
    contentType: mimetype,
    async *read() {
      try {
        beginUpload();
        for await (const chunk of createReadStream()) if (Buffer.isBuffer(chunk)) yield chunk;
      } catch (error) {
        throw isTooLarge(error) ? tooLarge(scope.services.files.maxBytes) : brokenOff();
      }
    },
  };
}

/** The multipart parser counts, too, and is the first to know. */
function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "status" in error && error.status === TOO_LARGE;
}

const TOO_LARGE = 413;
