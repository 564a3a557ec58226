import { usersByIds } from "../../features/directory/directory.queries.js";
import { deleteMessage, editMessage, sendMessageOnce } from "../../features/messages/message.actions.js";
import type { Message } from "../../features/messages/message.js";
import { addReaction, removeReaction } from "../../features/reactions/reaction.actions.js";
import { reactionsOn } from "../../features/reactions/reaction.queries.js";
import type { RoomId } from "../../features/rooms/room.js";
import { setTyping } from "../../features/typing/typing.actions.js";
import type { Scope } from "../../platform/scope.js";
import { peopleOf, toMessageShape, toNestedReactionShape } from "../shapes.js";
import type { CommandInRoom, FrameOfSpec } from "./protocol.js";

/**
 * The table of commands: each is one verb.
 * @returns nothing when an event follows, which everybody gets; when all had been done before and no event follows, what
 *   that event said
 * @throws DomainError whatever the verb does
 */
export async function carryOut(scope: Scope, roomId: RoomId, command: CommandInRoom): Promise<FrameOfSpec | undefined> {
  const clientMutationId = command.client_mutation_id;
  switch (command.type) {
    case "message_send": {
      const { content, message_type: type } = command;
      const { message, isNew } = await sendMessageOnce(scope, { roomId, content, type, clientMutationId });
      return isNew ? undefined : messageNew(scope, message);
    }
    case "message_edit": {
      const { message_id: messageId, content } = command;
      await editMessage(scope, { roomId, messageId, content, clientMutationId });
      return undefined;
    }
    case "message_delete":
      await deleteMessage(scope, { roomId, messageId: command.message_id, clientMutationId });
      return undefined;
    case "reaction_add": {
      const { message_id: messageId, emoji } = command;
      const { reaction, added } = await addReaction(scope, { roomId, messageId, emoji, clientMutationId });
      if (added) return undefined;
      const shape = toNestedReactionShape(peopleOf([scope.actor]), reaction);
      return { type: "reaction_added", message_id: reaction.messageId, reaction: shape };
    }
    case "reaction_remove": {
      const { message_id, emoji } = command;
      const gone = await removeReaction(scope, { roomId, messageId: message_id, emoji, clientMutationId });
      if (gone.removed) return undefined;
      return { type: "reaction_removed", message_id: gone.messageId, user_id: scope.actor.id, emoji: gone.emoji };
    }
    case "typing":
      await setTyping(scope, { roomId, isTyping: command.is_typing });
      return undefined;
  }
}

/** A message that was sent before, as it now is. */
async function messageNew({ em, services: { files } }: Scope, message: Message): Promise<FrameOfSpec> {
  const reactions = await reactionsOn(em, message.id);
  const users = await usersByIds(em, [message.userId, ...reactions.map(({ userId }) => userId)]);
  return { type: "message_new", message: toMessageShape({ people: peopleOf(users), files }, message, reactions) };
}
