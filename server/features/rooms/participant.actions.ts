import { badInput, DomainError } from "../../platform/errors.js";
import type { UserId } from "../../platform/ids.js";
import type { Scope } from "../../platform/scope.js";
import { queryOne, sql } from "../../platform/sql.js";
import { toIsoTime } from "../../platform/time.js";
import type { PersonRef } from "../directory/directory.js";
import type { AuditEntry } from "../audit/audit.js";
import { userIdsOfRefs, usersByIds } from "../directory/directory.queries.js";
import { memberIds } from "../directory/member.queries.js";
import { commit, type Change } from "../feed/feed.actions.js";
import { roomStream, userStream } from "../feed/stream.js";
import { requireRate } from "../limits/limit.access.js";
import { endParticipations } from "./ending.actions.js";
import { requireGroup, requireOwner, requireParticipant } from "./room.access.js";
import { participantColumns, participantsOf, toParticipant, type ParticipantRow } from "./room.queries.js";
import { MAX_PARTICIPANTS, type Participant, type Room, type RoomId } from "./room.js";

export interface ParticipantChange {
  readonly roomId: string | number;
  readonly person: PersonRef;
}

/**
 * Adds a member of the project to a group. Somebody who is in it already stays as they are.
 * @returns the participant, and whether they are new
 * @throws DomainError NOT_FOUND, CONFLICT (direct room, room full), BAD_USER_INPUT (userId), RATE_LIMITED
 */
export async function addParticipant(
  scope: Scope,
  input: ParticipantChange,
): Promise<{ participant: Participant; added: boolean }> {
  const { actor, em } = scope;
  await requireRate(scope, "addParticipant");
  const { room: known } = await requireParticipant(em, actor.id, input.roomId);
  const [userId] = await userIdsOfRefs(em, [input.person]);
  return commit(scope, async (change) => {
    await change.lock(roomStream(known.id));
    const access = await requireParticipant(change.tx, actor.id, known.id);
    requireGroup(access);
    const members = await memberIds(change.tx, known.projectId, userId === undefined ? [] : [userId]);
    if (userId === undefined || !members.has(userId))
      throw badInput("userId", "Everybody in a room has to be a member of its project.");
    const present = await participantsOf(change.tx, [known.id]);
    const already = present.find((participant) => participant.userId === userId);
    if (already !== undefined) return { participant: already, added: false };
    if (present.length >= MAX_PARTICIPANTS)
      throw new DomainError("CONFLICT", `A room can have at most ${MAX_PARTICIPANTS} participants.`);
    const [participant] = await joinParticipants(scope, change, access.room, [userId]);
    if (participant === undefined) throw new Error("The participant was not stored.");
    return { participant, added: true };
  });
}

/** Puts people into a room whose stream is locked, and tells the room and them. They start with everything read. */
export async function joinParticipants(
  scope: Scope,
  change: Change,
  room: Room,
  userIds: readonly UserId[],
): Promise<readonly Participant[]> {
  const { tx } = change;
  const joined: Participant[] = [];
  for (const userId of userIds.toSorted((a, b) => a - b)) {
    const row = await queryOne<ParticipantRow>(
      tx,
      sql`insert into chat_participant as p (room_id, user_id, joined_at, read_no)
          select ${room.id}, ${userId}, clock_timestamp(), s.last_no from feed_stream s where s.id = ${roomStream(room.id)}
          returning ${participantColumns}`,
    );
    if (row !== undefined) joined.push(toParticipant(row));
  }
  await change.audit(joined.map(({ userId }) => addition(room.id, userId)));
  const touched = { ...room, updatedAt: await touchRoom(change, room.id) };
  const users = await usersByIds(tx, [...userIds, scope.actor.id, ...(room.ownerId === null ? [] : [room.ownerId])]);
  const snapshots = { users, messages: [] };
  const actorId = scope.actor.id;
  for (const participant of joined) {
    const event = {
      kind: "participant_added",
      participant,
      ownerId: room.ownerId,
      updatedAt: touched.updatedAt,
    } as const;
    await change.emit({ stream: roomStream(room.id), event, actorId, snapshots });
  }
  for (const { userId } of joined) {
    await change.emit({
      stream: userStream(userId),
      event: { kind: "room_joined", room: touched },
      actorId,
      snapshots,
    });
  }
  return joined;
}

/**
 * Removes somebody from a group; everyone may remove themselves, which is leaving.
 * @throws DomainError NOT_FOUND, CONFLICT (direct room), FORBIDDEN (another, by one who is not the owner), BAD_USER_INPUT (userId),
 *   RATE_LIMITED
 */
export async function removeParticipant(
  scope: Scope,
  input: ParticipantChange,
): Promise<{ roomId: RoomId; userId: UserId }> {
  const { actor, em } = scope;
  await requireRate(scope, "removeParticipant");
  const { room: known } = await requireParticipant(em, actor.id, input.roomId);
  const [userId] = await userIdsOfRefs(em, [input.person]);
  return commit(scope, async (change) => {
    await change.lock(roomStream(known.id));
    const access = await requireParticipant(change.tx, actor.id, known.id);
    requireGroup(access);
    if (userId !== actor.id) requireOwner(access);
    const present = await participantsOf(change.tx, [known.id]);
    const leaving = present.find((participant) => participant.userId === userId);
    if (leaving === undefined) throw badInput("userId", "This person is not in the room.");
    await endParticipations(change, { leaving: [leaving], actorId: actor.id });
    return { roomId: known.id, userId: leaving.userId };
  });
}

/** Somebody was put into a room, as the audit trail has it. */
export const addition = (roomId: RoomId, userId: UserId): AuditEntry => ({
  action: "participant_added",
  roomId,
  userId,
});

async function touchRoom({ tx }: Change, roomId: RoomId): Promise<string> {
  const row = await queryOne<{ updated_at: Date | string }>(
    tx,
    sql`update chat_room set updated_at = clock_timestamp() where id = ${roomId} returning updated_at`,
  );
  if (row === undefined) throw new Error(`Room ${roomId} has gone while its stream was locked.`);
  return toIsoTime(row.updated_at);
}
