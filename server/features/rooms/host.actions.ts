import { takeLock } from "../../platform/advisory-lock.js";
import { parseInput } from "../../platform/input.js";
import type { HostScope } from "../../platform/scope.js";
import { intArray, query, sql, type RawBuilder } from "../../platform/sql.js";
import { tellAboutPeople } from "../directory/directory.actions.js";
import type { User } from "../directory/directory.js";
import { projectsInput, usersInput, type UpsertCounts } from "../directory/host-rows.js";
import {
  memberships,
  planProjects,
  removeProjects,
  storeProjects,
  type ProjectsPlan,
} from "../directory/project-upsert.actions.js";
import { planUsers, storeUsers } from "../directory/user-upsert.actions.js";
import { commit, type Change } from "../feed/feed.actions.js";
import { roomStream } from "../feed/stream.js";
import { endParticipations } from "./ending.actions.js";
import { participantColumns, roomColumns, toParticipant, toRoom, type ParticipantRow } from "./room.queries.js";
import type { Participant, RoomId } from "./room.js";

/**
 * Makes our copies of people what the host product says they are: all of them or, for one bad row, none. Saying the
 * same again changes nothing. A person who is deleted is out of all projects and rooms, their messages stay under
 * "Deleted user"; one who is there again gets nothing of it back.
 * @param input `{ users: [{ id, username, displayName, isDeleted? }] }`, the host product's own ids
 * @throws DomainError BAD_USER_INPUT with the row and its field, such as `users[3].username`
 */
export async function upsertUsers(scope: HostScope, input: unknown): Promise<UpsertCounts> {
  const { users } = parseInput(usersInput, input);
  const { counts, renamed, deleted } = await commit(scope, async (change) => {
    await takeTurn(change);
    const plan = await planUsers(change.tx, users);
    await auditCounts(change, "users_upserted", plan.counts);
    const store = () => storeUsers(change.tx, plan, scope.services.clock.now());
    if (plan.deleted.length === 0) await store();
    else await deletePeople(change, plan.deleted, store);
    return plan;
  });
  tellAboutPeople(scope.services, { kind: "user_changed", users: renamed });
  tellAboutPeople(scope.services, { kind: "user_deleted", users: deleted });
  return counts;
}

/**
 * Makes our copies of projects, and who is in them, what the host product says they are: all of them or, for one bad
 * row, none. Saying the same again changes nothing. Who leaves a project is out of its rooms at once; with a project
 * go its rooms.
 * @param input `{ projects: [{ id, name, memberIds? | addMemberIds?, removeMemberIds?, isDeleted? }] }`, the host
 * product's own ids; `memberIds` is complete, and whoever is missing leaves
 * @throws DomainError BAD_USER_INPUT with the row and its field, such as `projects[0].memberIds[2]`
 */
export async function upsertProjects(scope: HostScope, input: unknown): Promise<UpsertCounts> {
  const { projects } = parseInput(projectsInput, input);
  return commit(scope, async (change) => {
    await takeTurn(change);
    const plan = await planProjects(change.tx, projects);
    await auditCounts(change, "projects_upserted", plan.counts);
    const store = () => storeProjects(change.tx, plan);
    if (plan.deleted.length + plan.leaving.length === 0) await store();
    else await withdraw(change, { participants: participantsLeaving(plan), store });
    await removeProjects(change.tx, plan.deleted);
    return plan.counts;
  });
}

/** Before anything is emitted. A call that only says what is so already writes nothing. */
async function auditCounts(
  change: Change,
  action: "users_upserted" | "projects_upserted",
  { created, changed, unchanged }: UpsertCounts,
): Promise<void> {
  if (created + changed > 0) await change.audit([{ action, details: { created, changed, unchanged } }]);
}

/** The host product's calls go one after the other, whichever node they come to: they touch the same rows in any order. */
async function takeTurn({ tx }: Change): Promise<void> {
  await takeLock(tx, "hostCall");
}

async function deletePeople(change: Change, people: readonly User[], store: () => Promise<void>): Promise<void> {
  const userIds = intArray(people.map(({ id }) => id));
  const created = await query<{ id: RoomId }>(
    change.tx,
    sql`select id from chat_room where created_by_id = any(${userIds})`,
  );
  await withdraw(change, {
    participants: sql`select id from chat_participant where user_id = any(${userIds})`,
    rooms: created.map(({ id }) => id),
    store,
  });
  const rows = await query<Parameters<typeof toRoom>[0]>(
    change.tx,
    sql`update chat_room r set created_by_id = null where r.created_by_id = any(${userIds}) returning ${roomColumns}`,
  );
  await change.emitAll(
    rows.map(toRoom).map((room) => {
      return { stream: roomStream(room.id), event: { kind: "room_changed", room }, actorId: null };
    }),
  );
}

interface Withdrawal {
  /** The participations that have to end, as a statement that selects their ids. */
  readonly participants: RawBuilder<unknown>;
  /** Rooms that change for another reason. */
  readonly rooms?: readonly RoomId[];
  /** Takes away what allowed them. */
  readonly store: () => Promise<void>;
}

/**
 * Takes away what participations stand on, and ends them. Locks are taken in the order that all verbs have: rooms,
 * then memberships, then people's streams. Somebody may be put into another room just before their membership goes:
 * that room is found afterwards, and if it can't be had at once, all is done again.
 */
async function withdraw(change: Change, { participants, rooms = [], store }: Withdrawal): Promise<void> {
  const known = new Set([...rooms, ...(await participations(change, participants)).map(({ roomId }) => roomId)]);
  await change.lockAll([...known].map(roomStream));
  await store();
  const leaving = await participations(change, participants);
  const late = new Set(leaving.map(({ roomId }) => roomId).filter((roomId) => !known.has(roomId)));
  await change.lockAll([...late].map(roomStream), { now: true });
  await endParticipations(change, { leaving, actorId: null });
}

async function participations({ tx }: Change, which: RawBuilder<unknown>): Promise<readonly Participant[]> {
  const rows = await query<ParticipantRow>(
    tx,
    sql`select ${participantColumns} from chat_participant p where p.id in (${which})`,
  );
  return rows.map(toParticipant);
}

function participantsLeaving({ deleted, leaving }: ProjectsPlan): RawBuilder<unknown> {
  return sql`
    select p.id from chat_participant p join chat_room r on r.id = p.room_id where r.project_id = any(${intArray(deleted)})
    union all
    select p.id from ${memberships(leaving)} join chat_participant p on p.user_id = x."userId"
      join chat_room r on r.id = p.room_id and r.project_id = x."projectId"`;
}
