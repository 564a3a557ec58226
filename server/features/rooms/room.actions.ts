import { badInput, DomainError } from "../../platform/errors.js";
import type { UserId } from "../../platform/ids.js";
import { parseInput } from "../../platform/input.js";
import type { Scope } from "../../platform/scope.js";
import { query, queryOne, sql } from "../../platform/sql.js";
import type { PersonRef, ProjectId, ProjectRef } from "../directory/directory.js";
import { memberIds, ownProject, userIdsOfRefs, usersByIds } from "../directory/directory.queries.js";
import { commit, openStream, type Change } from "../feed/feed.actions.js";
import { roomStream, userStream } from "../feed/stream.js";
import { joinParticipants, removeRoom } from "./participant.actions.js";
import { requireGroup, requireOwner, requireParticipant } from "./room.access.js";
import { participantsOf, roomColumns, toRoom } from "./room.queries.js";
import { createRoomInput, directPair, MAX_PARTICIPANTS, roomName, type Room, type RoomId } from "./room.js";

export interface CreateRoom {
  readonly type: string;
  /** Required for a group; ignored for a direct room, whose name is the other person's. */
  readonly name?: string | undefined;
  readonly project: ProjectRef;
  /** Who shall be in it; the actor always is. A direct room takes exactly one other person. */
  readonly participants: readonly PersonRef[];
}

/**
 * Creates a group, or returns the one direct room that two people have in a project.
 * @returns the room, and whether it is new
 * @throws DomainError NOT_FOUND for a project that is not the actor's; BAD_USER_INPUT (type, name, participantIds)
 */
export async function createRoom(scope: Scope, input: CreateRoom): Promise<{ room: Room; created: boolean }> {
  const { actor, em } = scope;
  const { type } = parseInput(createRoomInput, { type: input.type });
  const project = await ownProject(em, actor.id, input.project);
  if (project === undefined)
    throw new DomainError("NOT_FOUND", "This project does not exist, or you are not a member of it.", {
      field: "projectId",
    });
  const others = await requireMembers(scope, project.id, input.participants);
  if (type === "group") {
    const name = parseInput(roomName, input.name ?? "", "name");
    return { room: await createGroup(scope, project.id, name, others), created: true };
  }
  const [other] = others;
  if (other === undefined || others.length > 1)
    throw badInput("participantIds", "A direct room needs exactly one other person.");
  return createDirect(scope, project.id, other);
}

/** The people named, without the actor and each once; the same answer for unknown ones and those outside the project. */
async function requireMembers(
  { actor, em }: Scope,
  projectId: ProjectId,
  refs: readonly PersonRef[],
): Promise<readonly UserId[]> {
  if (refs.length > MAX_PARTICIPANTS)
    throw new DomainError("CONFLICT", `A room can have at most ${MAX_PARTICIPANTS} participants.`);
  const ids = await userIdsOfRefs(em, refs);
  const members = await memberIds(
    em,
    projectId,
    ids.filter((id) => id !== undefined),
  );
  const others = new Set<UserId>();
  for (const id of ids) {
    if (id === undefined || !members.has(id))
      throw badInput("participantIds", "Everybody in a room has to be a member of its project.");
    if (id !== actor.id) others.add(id);
  }
  if (others.size >= MAX_PARTICIPANTS)
    throw new DomainError("CONFLICT", `A room can have at most ${MAX_PARTICIPANTS} participants.`);
  return [...others];
}

async function createGroup(scope: Scope, projectId: ProjectId, name: string, others: readonly UserId[]): Promise<Room> {
  const { actor } = scope;
  return commit(scope, async (change) => {
    const row = await queryOne<Parameters<typeof toRoom>[0]>(
      change.tx,
      sql`insert into chat_room as r (type, name, project_id, created_by_id, owner_id)
          values ('group', ${name}, ${projectId}, ${actor.id}, ${actor.id}) returning ${roomColumns}`,
    );
    if (row === undefined) throw new Error("The room was not stored.");
    const room = toRoom(row);
    await openRoom(scope, change, room, [actor.id, ...others]);
    return room;
  });
}

async function createDirect(
  scope: Scope,
  projectId: ProjectId,
  otherId: UserId,
): Promise<{ room: Room; created: boolean }> {
  const { actor } = scope;
  const pair = directPair(actor.id, otherId);
  return commit(scope, async (change) => {
    const inserted = await queryOne<Parameters<typeof toRoom>[0]>(
      change.tx,
      sql`insert into chat_room as r (type, project_id, created_by_id, direct_pair)
          values ('direct', ${projectId}, ${actor.id}, ${pair})
          on conflict (project_id, direct_pair) do nothing returning ${roomColumns}`,
    );
    if (inserted !== undefined) {
      const room = toRoom(inserted);
      await openRoom(scope, change, room, [actor.id, otherId]);
      return { room, created: true };
    }
    const row = await queryOne<Parameters<typeof toRoom>[0]>(
      change.tx,
      sql`select ${roomColumns} from chat_room r where r.project_id = ${projectId} and r.direct_pair = ${pair}`,
    );
    if (row === undefined) throw new DomainError("UNAVAILABLE", "The room has just been deleted. Try again.");
    const room = toRoom(row);
    await completeDirect(scope, change, room, [actor.id, otherId]);
    return { room, created: false };
  });
}

/** Somebody who left the project and came back finds their direct rooms again. */
async function completeDirect(scope: Scope, change: Change, room: Room, people: readonly UserId[]): Promise<void> {
  await change.lock(roomStream(room.id));
  const present = new Set((await participantsOf(change.tx, [room.id])).map((participant) => participant.userId));
  const missing = people.filter((id) => !present.has(id));
  if (missing.length > 0) await joinParticipants(scope, change, room, missing);
}

async function openRoom({ actor }: Scope, change: Change, room: Room, people: readonly UserId[]): Promise<void> {
  await openStream(change.tx, roomStream(room.id));
  await query(
    change.tx,
    sql`insert into chat_participant (room_id, user_id, joined_at)
        select ${room.id}, x.id, ${room.createdAt}::timestamptz + x.place * interval '1 microsecond'
        from unnest(${`{${people.join(",")}}`}::int[]) with ordinality as x(id, place)`,
  );
  const users = await usersByIds(change.tx, [actor.id]);
  for (const userId of people.toSorted((a, b) => a - b)) {
    await change.emit({
      stream: userStream(userId),
      event: { kind: "room_joined", room },
      actorId: actor.id,
      snapshots: { users, messages: [] },
    });
  }
}

/**
 * Renames a group.
 * @throws DomainError NOT_FOUND, CONFLICT (direct room), FORBIDDEN (not the owner), BAD_USER_INPUT (name)
 */
export async function renameRoom(
  scope: Scope,
  input: { readonly roomId: string | number; readonly name: string },
): Promise<Room> {
  const { actor } = scope;
  const name = parseInput(roomName, input.name, "name");
  const { room: known } = await requireParticipant(scope.em, actor.id, input.roomId);
  return commit(scope, async (change) => {
    await change.lock(roomStream(known.id));
    const access = await requireParticipant(change.tx, actor.id, known.id);
    requireGroup(access);
    requireOwner(access);
    const row = await queryOne<Parameters<typeof toRoom>[0]>(
      change.tx,
      sql`update chat_room r set name = ${name}, updated_at = clock_timestamp() where r.id = ${known.id} returning ${roomColumns}`,
    );
    if (row === undefined) throw new Error("The room was not renamed.");
    const room = toRoom(row);
    await change.emit({ stream: roomStream(room.id), event: { kind: "room_changed", room }, actorId: actor.id });
    return room;
  });
}

/**
 * Deletes a group with all that was written in it.
 * @throws DomainError NOT_FOUND, CONFLICT (direct room), FORBIDDEN (not the owner)
 */
export async function deleteRoom(scope: Scope, input: { readonly roomId: string | number }): Promise<RoomId> {
  const { actor } = scope;
  const { room } = await requireParticipant(scope.em, actor.id, input.roomId);
  return commit(scope, async (change) => {
    await change.lock(roomStream(room.id));
    const access = await requireParticipant(change.tx, actor.id, room.id);
    requireGroup(access);
    requireOwner(access);
    const people = await participantsOf(change.tx, [room.id]);
    await removeRoom(
      change,
      room.id,
      actor.id,
      people.map((participant) => participant.userId),
    );
    return room.id;
  });
}
