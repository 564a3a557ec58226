import {
  knownUserLoader,
  ownProjectLoader,
  type GraphProject,
  type GraphUser,
} from "../../features/directory/directory.graphql.js";
import { viewedMessageLoader } from "../../features/messages/message.graphql.js";
import type { Message, MessageId } from "../../features/messages/message.js";
import { viewedReactionLoader } from "../../features/reactions/reaction.graphql.js";
import type { Reaction, ReactionId } from "../../features/reactions/reaction.js";
import { viewedParticipantLoader } from "../../features/rooms/participant.graphql.js";
import { roomLoader } from "../../features/rooms/room.graphql.js";
import type { Participant, ParticipantId, RoomId, ViewedRoom } from "../../features/rooms/room.js";
import { badInput, notFound, type Subject } from "../../platform/errors.js";
import { parseId, type Brand } from "../../platform/ids.js";
import type { LoaderDefinition } from "../../platform/loaders.js";
import type { Operation } from "../../platform/operation.js";
import { noteHidden } from "../../platform/refusals.js";

/** A representation of an entity as a gateway, or anybody, sends it: `{ __typename, id }` if all is well. */
interface Reference {
  readonly id?: unknown;
}

/**
 * Any id may come in through `_entities`: each is authorised like any other read.
 * @param subjectOf what is noted of one that is not shown, as where it is looked up by itself: no id is tried out unseen
 */
function viewed<Id extends Brand<number, string>, Value>(
  loader: LoaderDefinition<Id, Value | undefined>,
  subjectOf: (id: Id) => Subject,
) {
  return async ({ id }: Reference, { loaders, scope }: Operation): Promise<Value | null> => {
    const key = parseId<Id>(keyOf(id));
    if (key === undefined) return null;
    const found = await loaders.load(loader, key);
    if (found === undefined) noteHidden(scope, notFound("This entity", subjectOf(key)));
    return found ?? null;
  };
}

/** A key as GraphQL takes an `ID`: text, or a whole number. */
function keyOf(id: unknown): string {
  if (typeof id === "string") return id;
  if (Number.isInteger(id)) return String(id);
  throw badInput("representations", "A representation needs its key: an `id` that is text or a whole number.");
}

/** How each entity is found by its key. What the viewer may not see of the host's types is the id alone. */
export const references = {
  User: async ({ id }: Reference, { loaders }: Operation): Promise<GraphUser> =>
    (await loaders.load(knownUserLoader, keyOf(id))) ?? { hostId: keyOf(id) },
  Project: async ({ id }: Reference, { loaders }: Operation): Promise<GraphProject> =>
    (await loaders.load(ownProjectLoader, keyOf(id))) ?? { hostId: keyOf(id) },
  ChatRoom: viewed<RoomId, ViewedRoom>(roomLoader, (roomId) => ({ roomId })),
  ChatParticipant: viewed<ParticipantId, Participant>(viewedParticipantLoader, (participantId) => ({ participantId })),
  ChatMessage: viewed<MessageId, Message>(viewedMessageLoader, (messageId) => ({ messageId })),
  MessageReaction: viewed<ReactionId, Reaction>(viewedReactionLoader, (reactionId) => ({ reactionId })),
};

/**
 * Refuses what can't be an entity before the library sees it, which would answer that as a fault of ours. A malformed
 * key is refused by the entity's own reference: the others in the request are answered.
 */
export function requireEntities(representations: readonly unknown[]): void {
  const known = Object.keys(references);
  if (representations.every((one) => known.includes(typenameOf(one)))) return;
  throw badInput("representations", `A representation needs a __typename that is one of ${known.join(", ")}.`);
}

function typenameOf(representation: unknown): string {
  const isObject = typeof representation === "object" && representation !== null && "__typename" in representation;
  return isObject && typeof representation.__typename === "string" ? representation.__typename : "";
}
