import { badInput, DomainError } from "../../platform/errors.js";
import type { UserId } from "../../platform/ids.js";
import { parseInput } from "../../platform/input.js";
import type { Scope } from "../../platform/scope.js";
import { query, queryOne, sql } from "../../platform/sql.js";
import type { PersonRef, ProjectId, ProjectRef } from "../directory/directory.js";
import { ownProject, userIdsOfRefs, usersByIds } from "../directory/directory.queries.js";
import { memberIds } from "../directory/member.queries.js";
import { commit, openStream, type Change } from "../feed/feed.actions.js";
import { roomStream, userStream } from "../feed/stream.js";
import { requireRate } from "../limits/limit.access.js";
import { removeRoom } from "./ending.actions.js";
import { addition, joinParticipants } from "./participant.actions.js";
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
 * @throws DomainError NOT_FOUND for a project that is not the actor's; BAD_USER_INPUT (type, name, participantIds); RATE_LIMITED
 */
export async function createRoom(scope: Scope, input: CreateRoom): Promise<{ room: Room; created: boolean }> {
  const { actor, em } = scope;
  const { type } = parseInput(createRoomInput, { type: input.type });
  await requireRate(scope, "createRoom");
  const project = await ownProject(em, actor.id, input.project);
  if (project === undefined) throw noSuchProject();
  const others = await othersNamed(scope, input.participants);
  if (type === "group") {
    const name = parseInput(roomName, input.name ?? "", "name");
    return { room: await createGroup(scope, project.id, name, others), created: true };
  }
  const [other] = others;
  if (other === undefined || others.length > 1)
    throw badInput("participantIds", "A direct room needs exactly one other person.");
  return createDirect(scope, project.id, other);
}

const noSuchProject = (): DomainError =>
  new DomainError("NOT_FOUND", "This project does not exist, or you are not a member of it.", { field: "projectId" });

/** The same answer for unknown people and for those outside the project. */
const notMembers = (): DomainError =>
  badInput("participantIds", "Everybody in a room has to be a member of its project.");

/** The people named, without the actor and each once. */
async function othersNamed({ actor, em }: Scope, refs: readonly PersonRef[]): Promise<readonly UserId[]> {
  const isTooMany = (count: number): boolean => count > MAX_PARTICIPANTS;
  const others = isTooMany(refs.length) ? undefined : new Set<UserId>();
  for (const id of others === undefined ? [] : await userIdsOfRefs(em, refs)) {
    if (id === undefined) throw notMembers();
    if (id !== actor.id) others?.add(id);
  }
  if (others === undefined || isTooMany(others.size + 1))
    throw new DomainError("CONFLICT", `A room can have at most ${MAX_PARTICIPANTS} participants.`);
  return [...others];
}

/** Until COMMIT nobody of these leaves the project. */
async function requireMembers(
  { tx }: Change,
  projectId: ProjectId,
  [actorId, ...others]: readonly [UserId, ...UserId[]],
): Promise<void> {
  const members = await memberIds(tx, projectId, [actorId, ...others]);
  if (!members.has(actorId)) throw noSuchProject();
  if (others.some((id) => !members.has(id))) throw notMembers();
}

async function createGroup(scope: Scope, projectId: ProjectId, name: string, others: readonly UserId[]): Promise<Room> {
  const { actor } = scope;
  return commit(scope, async (change) => {
    await requireMembers(change, projectId, [actor.id, ...others]);
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
    const known = await lockDirect(change, projectId, pair);
    await requireMembers(change, projectId, [actor.id, otherId]);
    const inserted =
      known === undefined
        ? await queryOne<Parameters<typeof toRoom>[0]>(
            change.tx,
            sql`insert into chat_room as r (type, project_id, created_by_id, direct_pair)
                values ('direct', ${projectId}, ${actor.id}, ${pair})
                on conflict (project_id, direct_pair) do nothing returning ${roomColumns}`,
          )
        : undefined;
    if (inserted !== undefined) {
      const room = toRoom(inserted);
      await openRoom(scope, change, room, [actor.id, otherId]);
      return { room, created: true };
    }
    const room = known ?? (await lockDirect(change, projectId, pair));
    if (room === undefined) throw new DomainError("UNAVAILABLE", "The room has just been deleted. Try again.");
    await completeDirect(scope, change, room, [actor.id, otherId]);
    return { room, created: false };
  });
}

/** The pair's room, if there is one, as it is once its stream is locked. */
async function lockDirect(change: Change, projectId: ProjectId, pair: string): Promise<Room | undefined> {
  const which = sql`from chat_room r where r.project_id = ${projectId} and r.direct_pair = ${pair}`;
  const found = await queryOne<{ id: RoomId }>(change.tx, sql`select r.id ${which}`);
  if (found === undefined) return undefined;
  await change.lock(roomStream(found.id));
  const row = await queryOne<Parameters<typeof toRoom>[0]>(change.tx, sql`select ${roomColumns} ${which}`);
  return row && toRoom(row);
}

/** Somebody who left the project and came back finds their direct rooms again. */
async function completeDirect(scope: Scope, change: Change, room: Room, people: readonly UserId[]): Promise<void> {
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
  await change.audit([
    { action: "room_created", roomId: room.id },
    ...people.filter((id) => id !== actor.id).map((userId) => addition(room.id, userId)),
  ]);
  const users = await usersByIds(change.tx, [actor.id]);
  const snapshots = { users, messages: [] };
  await change.emitAll(
    people
      .toSorted((a, b) => a - b)
      .map((userId) => {
        return { stream: userStream(userId), event: { kind: "room_joined", room }, actorId: actor.id, snapshots };
      }),
  );
}

/**
 * Renames a group.
 * @throws DomainError NOT_FOUND, CONFLICT (direct room), FORBIDDEN (not the owner), BAD_USER_INPUT (name), RATE_LIMITED
 */
export async function renameRoom(
  scope: Scope,
  input: { readonly roomId: string | number; readonly name: string },
): Promise<Room> {
  const { actor } = scope;
  const name = parseInput(roomName, input.name, "name");
  await requireRate(scope, "renameRoom");
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
 * @throws DomainError NOT_FOUND, CONFLICT (direct room), FORBIDDEN (not the owner), RATE_LIMITED
 */
export async function deleteRoom(scope: Scope, input: { readonly roomId: string | number }): Promise<RoomId> {
  const { actor } = scope;
  await requireRate(scope, "deleteRoom");
  const { room } = await requireParticipant(scope.em, actor.id, input.roomId);
  return commit(scope, async (change) => {
    await change.lock(roomStream(room.id));
    const access = await requireParticipant(change.tx, actor.id, room.id);
    requireGroup(access);
    requireOwner(access);
    await removeRoom(change, room.id, actor.id);
    return room.id;
  });
}
