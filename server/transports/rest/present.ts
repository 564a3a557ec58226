import type { z } from "zod";
import type { User } from "../../features/directory/directory.js";
import { usersByIds } from "../../features/directory/directory.queries.js";
import type { Message } from "../../features/messages/message.js";
import { lastMessagesOf } from "../../features/messages/message.queries.js";
import type { Reaction } from "../../features/reactions/reaction.js";
import { reactionsOf } from "../../features/reactions/reaction.queries.js";
import { otherOf, type Participant, type ViewedRoom } from "../../features/rooms/room.js";
import { participantsInView } from "../../features/rooms/room.queries.js";
import type { UserId } from "../../platform/ids.js";
import type { Scope } from "../../platform/scope.js";
import {
  peopleOf,
  toMessageShape,
  toParticipantShape,
  toReactionShape,
  toRoomShape,
  toUserShape,
  type messageShape,
  type participantShape,
  type People,
  type reactionShape,
  type roomShape,
} from "../shapes.js";

/** What things look like with all that belongs to them. Many take as many statements as one. */

/** @param known who came along with what names them: they are not read again */
async function peopleWith({ em }: Scope, ids: readonly UserId[], known: readonly User[] = []): Promise<People> {
  const people = peopleOf(known);
  const others = new Set(ids.filter((id) => !people.has(id)));
  return others.size === 0 ? people : peopleOf([...known, ...(await usersByIds(em, [...others]))]);
}

/** @param creators those of the rooms, as far as they are known */
export async function presentRooms(
  scope: Scope,
  rooms: readonly ViewedRoom[],
  creators: readonly User[] = [],
): Promise<z.output<typeof roomShape>[]> {
  const { actor, em } = scope;
  const ids = rooms.map(({ id }) => id);
  const { participants: all, users } = await participantsInView(em, actor.id, ids);
  const participants = Map.groupBy(all, ({ roomId }) => roomId);
  const { messages } = await lastMessagesOf(em, { viewerId: actor.id, roomIds: ids });
  const lastMessages = new Map(messages.map((message) => [message.roomId, message]));
  const people = await peopleWith(
    scope,
    rooms.flatMap(({ createdById }) => createdById ?? []),
    [...creators, ...users],
  );
  return rooms.map((room) => {
    const present = participants.get(room.id) ?? [];
    const other = otherOf(room, present, actor.id);
    const displayName = other === undefined ? room.name : toUserShape(people, other.userId).display_name;
    return toRoomShape(people, room, { participants: present, lastMessage: lastMessages.get(room.id), displayName });
  });
}

export async function presentMessages(
  scope: Scope,
  messages: readonly Message[],
): Promise<z.output<typeof messageShape>[]> {
  const ids = messages.map(({ id }) => id);
  const { reactions, users } = await reactionsOf(scope.em, scope.actor.id, ids);
  const authors = messages.map(({ userId }) => userId);
  const people = await peopleWith(scope, authors, users);
  return showMessages(scope, messages, { reactions, users: [...people.values()] });
}

/** @param along the reactions to the messages, and everybody whom they and the messages name */
export function showMessages(
  { services }: Scope,
  messages: readonly Message[],
  along: { readonly reactions: readonly Reaction[]; readonly users: readonly User[] },
): z.output<typeof messageShape>[] {
  const byMessage = Map.groupBy(along.reactions, ({ messageId }) => messageId);
  const parts = { people: peopleOf(along.users), files: services.files };
  return messages.map((message) => toMessageShape(parts, message, byMessage.get(message.id) ?? []));
}

export async function presentParticipant(
  scope: Scope,
  participant: Participant,
): Promise<z.output<typeof participantShape>> {
  return toParticipantShape(await peopleWith(scope, [participant.userId]), participant);
}

export async function presentReaction(scope: Scope, reaction: Reaction): Promise<z.output<typeof reactionShape>> {
  return toReactionShape(await peopleWith(scope, [reaction.userId]), reaction);
}
