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
import { parseId, type Brand } from "../../platform/ids.js";
import type { LoaderDefinition } from "../../platform/loaders.js";
import type { Operation } from "../../platform/operation.js";

interface Reference {
  readonly id: string;
}

/** Any id may come in through `_entities`: each is authorised like any other read. */
function viewed<Id extends Brand<number, string>, Value>(loader: LoaderDefinition<Id, Value | undefined>) {
  return async ({ id }: Reference, { loaders }: Operation): Promise<Value | null> => {
    const key = parseId<Id>(id);
    return key === undefined ? null : ((await loaders.load(loader, key)) ?? null);
  };
}

/** How each entity is found by its key. What the viewer may not see of the host's types is the id alone. */
export const references = {
  User: async ({ id }: Reference, { loaders }: Operation): Promise<GraphUser> =>
    (await loaders.load(knownUserLoader, id)) ?? { hostId: id },
  Project: async ({ id }: Reference, { loaders }: Operation): Promise<GraphProject> =>
    (await loaders.load(ownProjectLoader, id)) ?? { hostId: id },
  ChatRoom: viewed<RoomId, ViewedRoom>(roomLoader),
  ChatParticipant: viewed<ParticipantId, Participant>(viewedParticipantLoader),
  ChatMessage: viewed<MessageId, Message>(viewedMessageLoader),
  MessageReaction: viewed<ReactionId, Reaction>(viewedReactionLoader),
};
