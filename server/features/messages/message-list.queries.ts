import { badInput, notFound } from "../../platform/errors.js";
import { parseId } from "../../platform/ids.js";
import { parseInput } from "../../platform/input.js";
import type { Scope } from "../../platform/scope.js";
import { requireParticipant } from "../rooms/room.access.js";
import type { RoomId } from "../rooms/room.js";
import { listLimit, type Message, type MessageId } from "./message.js";
import { historiesOf, messagesByIds } from "./message.queries.js";

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
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/**
 * A part of a room's history: the newest messages, the newest before one, or the oldest after one.
 * @throws DomainError NOT_FOUND for the room, `before` and `after`; BAD_USER_INPUT (limit, before)
 */
export async function listMessages(scope: Scope, listing: MessageListing): Promise<MessagePage> {
  const { actor, em } = scope;
  const { before, after } = listing;
  const limit = parseInput(listLimit, listing.limit, "limit");
  if (before !== undefined && after !== undefined) throw badInput("before", "Use either before or after, not both.");
  const { room } = await requireParticipant(em, actor.id, listing.roomId);
  const [found = []] = await historiesOf(
    em,
    { viewerId: actor.id, roomIds: [room.id] },
    {
      limit,
      from: after === undefined ? "newest" : "oldest",
      beforeNo: before === undefined ? undefined : await numberOf(scope, room.id, before),
      afterNo: after === undefined ? undefined : await numberOf(scope, room.id, after),
    },
  );
  const hasMore = found.length > limit;
  if (after !== undefined) return { messages: found.slice(0, limit), hasOlder: true, hasNewer: hasMore };
  return { messages: found.slice(-limit), hasOlder: hasMore, hasNewer: before !== undefined };
}

/** Somebody may hold the number of a message that has been deleted since: its place is still there. */
async function numberOf({ em }: Scope, roomId: RoomId, id: string): Promise<number> {
  const messageId = parseId<MessageId>(id);
  const [message] = await messagesByIds(em, messageId === undefined ? [] : [messageId]);
  if (message?.roomId !== roomId) throw notFound("This message");
  return message.no;
}
