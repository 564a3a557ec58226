import { GraphQLDateTime } from "graphql-scalars";
import { Ctx, Directive, Field, FieldResolver, ID, ObjectType, Resolver, Root } from "type-graphql";
import { inOrder, type LoaderDefinition, type MaybePromise } from "../../platform/loaders.js";
import type { Operation } from "../../platform/operation.js";
import { ReadAhead } from "../../platform/read-ahead.graphql.js";
import type { User } from "../directory/directory.js";
import { userAhead, userLoader, UserType } from "../directory/directory.graphql.js";
import { viewedParticipants } from "./room.queries.js";
import type { Participant, ParticipantId } from "./room.js";

/** Participants by their own numbers, of rooms that the viewer is in. */
export const viewedParticipantLoader: LoaderDefinition<ParticipantId, Participant | undefined> = {
  batch: async ({ actor, em }, ids) =>
    inOrder(ids, await viewedParticipants(em, actor.id, ids), (participant) => participant.id),
};

/** What is read of participants in lists before they are shown. */
export const participantAhead = new ReadAhead<Participant>().field("user", async (loaders, participants, below) => {
  const ids = new Set(participants.map(({ userId }) => userId));
  await userAhead.read(loaders, await loaders.loadAll(userLoader, [...ids]), [below]);
});

@ObjectType("ChatParticipant", { simpleResolvers: true, description: "Somebody's place in a room." })
@Directive('@key(fields: "id")')
export class ParticipantType {
  @Field(() => ID, { description: "The participation's number." })
  readonly id: ParticipantId;

  @Field(() => GraphQLDateTime, { description: "When they came into the room." })
  readonly joinedAt: string;

  @Field(() => GraphQLDateTime, { nullable: true, description: "When they last read; null when they never did." })
  readonly lastReadAt: string | null;
}

@Resolver(() => ParticipantType)
export class ParticipantResolver {
  @FieldResolver(() => UserType, { description: "The person." })
  user(@Ctx() { loaders }: Operation, @Root() participant: Participant): MaybePromise<User> {
    return loaders.load(userLoader, participant.userId);
  }
}
