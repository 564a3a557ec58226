import { badInput } from "../../platform/errors.js";
import { parseId } from "../../platform/ids.js";
import { parseInput } from "../../platform/input.js";
import type { Scope } from "../../platform/scope.js";
import type { User } from "../directory/directory.js";
import { requireParticipant } from "../rooms/room.access.js";
import type { RoomId } from "../rooms/room.js";
import { noSuchMessage } from "../messages/message.access.js";
import { listLimit, type Message, type MessageId } from "../messages/message.js";
import { messagesByIds } from "../messages/message.queries.js";
import { historiesWithReactions } from "./reaction.queries.js";
import type { Reaction } from "./reaction.js";

// A list of messages is shown with the reactions to them, which come in the same statement: so it stands here and not
// among messages, which know nothing of reactions.

export interface MessageListing {
  readonly roomId: string;
  /** 1 to 200. */
  readonly limit: number;
  /** The number of a message of the room, deleted or not: what comes before it, or after it. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

export interface MessagePage {
  /** Ascending. */
  readonly messages: readonly Message[];
  /** To these messages, in order. */
  readonly reactions: readonly Reaction[];
  /** Who wrote them, and who reacted. */
  readonly users: readonly User[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/**
 * A part of a room's history with the reactions to it: the newest messages, the newest before one, or the oldest after one.
 * @throws DomainError NOT_FOUND for the room, `before` and `after`; BAD_USER_INPUT (limit, before)
 */
export async function listMessages(scope: Scope, listing: MessageListing): Promise<MessagePage> {
  const { actor, em } = scope;
  const { before, after } = listing;
  const limit = parseInput(listLimit, listing.limit, "limit");
  if (before !== undefined && after !== undefined) throw badInput("before", "Use either before or after, not both.");
  const roomId = parseId<RoomId>(listing.roomId);
  const { histories, beside, users } = await historiesWithReactions(
    em,
    { viewerId: actor.id, roomIds: roomId === undefined ? [] : [roomId] },
    {
      limit,
      from: after === undefined ? "newest" : "oldest",
      beforeNo: before === undefined ? undefined : await numberOf(scope, listing.roomId, before),
      afterNo: after === undefined ? undefined : await numberOf(scope, listing.roomId, after),
    },
  );
  const [found = []] = histories;
  // Who is not in the room has found nothing; so has who is in an empty one.
  if (found.length === 0) await requireParticipant(em, actor.id, listing.roomId);
  const hasMore = found.length > limit;
  const along = { reactions: beside, users };
  if (after !== undefined) return { messages: found.slice(0, limit), ...along, hasOlder: true, hasNewer: hasMore };
  return { messages: found.slice(-limit), ...along, hasOlder: hasMore, hasNewer: before !== undefined };
}

/** Somebody may hold the number of a message that has been deleted since: its place is still there. */
async function numberOf({ actor, em }: Scope, roomId: string, id: string): Promise<number> {
  const { room } = await requireParticipant(em, actor.id, roomId);
  const messageId = parseId<MessageId>(id);
  const [message] = await messagesByIds(em, messageId === undefined ? [] : [messageId]);
  if (message?.roomId !== room.id) throw noSuchMessage(id);
  return message.no;
}
