import { Args, ArgsType, Ctx, Field, ID, Int, ObjectType, Query, Resolver } from "type-graphql";
import type { Operation } from "../../platform/operation.js";
import { connectionTypes } from "../../platform/paging.graphql.js";
import { ChatMessageType } from "../messages/message.graphql.js";
import type { Highlight } from "./highlight.js";
import { searchMessages, type FoundMessages } from "./search.actions.js";

@ObjectType("ChatMessageHighlight", {
  simpleResolvers: true,
  description: "A piece of a message's text or of its file's name: plain text, to be escaped on display.",
})
class HighlightType implements Highlight {
  @Field(() => String, {
    description: "The piece, as it was typed; with … where text before or after it was left out.",
  })
  readonly text: string;

  @Field(() => Boolean, { description: "Whether this is what was searched for." })
  readonly isMatch: boolean;
}

const found = connectionTypes("ChatMessageSearch", () => ChatMessageType, "message that was found");

@ObjectType("ChatMessageSearchEdge", { simpleResolvers: true, description: "A message that was found, and where." })
class SearchEdge extends found.Edge {
  @Field(() => [HighlightType], {
    description:
      "An excerpt of the text around the first match, in pieces: put together in order, they are the excerpt.",
  })
  readonly highlights: readonly Highlight[];

  @Field(() => [HighlightType], {
    description:
      "The name of the message's file around the first match, in pieces; empty when nothing in it was searched for.",
  })
  readonly nameHighlights: readonly Highlight[];
}

@ObjectType("ChatMessageSearchConnection", {
  simpleResolvers: true,
  description: "A page of messages that were found, the best match first.",
})
class SearchConnection extends found.Connection {
  @Field(() => [SearchEdge], { description: "The messages with their cursors and highlights." })
  override readonly edges: readonly SearchEdge[];
}

@ArgsType()
class SearchArgs {
  @Field(() => String, {
    description:
      'Words, "words in quotes", and filters: `from:`, `in:`, `has:file|image|link`, `before:`, `after:`; docs/search.md has them all.',
  })
  readonly query: string;

  @Field(() => ID, { nullable: true, description: "Only in this room of the viewer's." })
  readonly roomId?: string | null;

  @Field(() => ID, { nullable: true, description: "Only in the viewer's rooms of this project." })
  readonly projectId?: string | null;

  @Field(() => Int, { nullable: true, description: "How many, 1 to 100; 50 when nothing is said." })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: "Only those after this cursor." })
  readonly after?: string | null;
}

@Resolver()
export class SearchResolver {
  @Query(() => SearchConnection, {
    description:
      "Messages in the viewer's rooms, by their text and the names of their files, the best match first: whole words before beginnings before parts of words, and of each the newest first.",
  })
  searchChatMessages(
    @Ctx() { scope }: Operation,
    @Args(() => SearchArgs) { query, roomId, projectId, first, after }: SearchArgs,
  ): Promise<FoundMessages> {
    const project = typeof projectId === "string" ? { hostId: projectId } : undefined;
    return searchMessages(scope, { query, roomId: roomId ?? undefined, project, first, after });
  }
}
