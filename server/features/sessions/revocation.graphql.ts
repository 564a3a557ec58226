import { GraphQLDateTime } from "graphql-scalars";
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from "type-graphql";
import type { Operation } from "../../platform/operation.js";
import { revokeTokens } from "./revocation.actions.js";
import type { RevocationCounts } from "./revocation.js";

@InputType({ description: "A token, or all of a user's tokens up to a moment." })
class ChatRevocationRow {
  @Field(() => ID, { nullable: true, description: "The token's jti. Instead of userId." })
  readonly tokenId?: string | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "When that token expires by itself; absent: not known.",
  })
  readonly expiresAt?: Date | null;

  @Field(() => ID, { nullable: true, description: "The host product's id of the user. Instead of tokenId." })
  readonly userId?: string | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "The user's tokens that were issued (iat) before this moment; absent: before now.",
  })
  readonly issuedBefore?: Date | null;
}

@InputType({ description: "Tokens that shall count no more." })
class RevokeChatTokensInput {
  @Field(() => [ChatRevocationRow], { description: "At most 10000. One bad row refuses all." })
  readonly revocations: readonly ChatRevocationRow[];
}

@ObjectType({ simpleResolvers: true, description: "What became of the revocations." })
class RevokeChatTokensPayload {
  @Field(() => Int, { description: "How many revocations stand, new or said again." })
  readonly revoked: number;
}

@Resolver()
export class SessionResolver {
  @Mutation(() => RevokeChatTokensPayload, {
    description:
      "Ends tokens before their time, and closes the sockets that were opened with them. For the host product, with its service token.",
  })
  async revokeChatTokens(
    @Ctx() { host }: Operation,
    @Arg("input", () => RevokeChatTokensInput, { description: "The tokens." }) input: RevokeChatTokensInput,
  ): Promise<RevocationCounts> {
    return revokeTokens(host, input);
  }
}
