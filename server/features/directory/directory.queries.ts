import type { SqlEntityManager } from "@mikro-orm/sql";
import { parseId, type UserId } from "../../platform/ids.js";
import {
  intArray,
  query,
  queryOne,
  queryOnePrepared,
  queryPrepared,
  sql,
  type RawBuilder,
} from "../../platform/sql.js";
import {
  DELETED_USER_NAME,
  type PeopleMessage,
  type PersonRef,
  type Project,
  type ProjectId,
  type ProjectRef,
  type User,
} from "./directory.js";

export interface UserRow {
  readonly id: UserId;
  readonly host_id: string;
  readonly username: string;
  readonly display_name: string;
  readonly is_deleted: boolean;
}

export interface ProjectRow {
  readonly id: ProjectId;
  readonly host_id: string;
  readonly name: string;
}

export const userColumns = sql`u.id, u.host_id, u.username, u.display_name, u.deleted_at is not null as is_deleted`;
export const projectColumns = sql`p.id, p.host_id, p.name`;

/** Somebody as everybody sees them: who is deleted has no names. */
export function toUser(row: UserRow): User {
  const displayName = row.is_deleted ? DELETED_USER_NAME : row.display_name;
  return { id: row.id, hostId: row.host_id, username: row.is_deleted ? "" : row.username, displayName };
}

export function toProject(row: ProjectRow): Project {
  return { id: row.id, hostId: row.host_id, name: row.name };
}

async function selectUsers(em: SqlEntityManager, rest: RawBuilder<unknown>): Promise<readonly User[]> {
  const rows = await query<UserRow>(em, sql`select ${userColumns} from chat_user u ${rest}`);
  return rows.map(toUser);
}

/** Those host ids that somebody could bear: PostgreSQL's text knows no NUL, and refuses to be asked for it. */
function possible(hostIds: readonly string[]): readonly string[] {
  return hostIds.filter((hostId) => !hostId.includes("\u0000"));
}

/** The people with these numbers, in any order; unknown ones are left out. */
export async function usersByIds(em: SqlEntityManager, ids: readonly UserId[]): Promise<readonly User[]> {
  if (ids.length === 0) return [];
  const rows = await queryPrepared<UserRow>(
    em,
    sql`select ${userColumns} from chat_user u where u.id = any(${intArray(ids)})`,
  );
  return rows.map(toUser);
}

/** What somebody who has heard nothing for a while should know of these people. */
export async function newsOf(em: SqlEntityManager, ids: readonly UserId[]): Promise<readonly PeopleMessage[]> {
  if (ids.length === 0) return [];
  const rows = await query<UserRow>(em, sql`select ${userColumns} from chat_user u where u.id = any(${intArray(ids)})`);
  const usersWho = (isDeleted: boolean) => rows.filter((row) => row.is_deleted === isDeleted).map(toUser);
  return [
    { kind: "user_changed", users: usersWho(false) },
    { kind: "user_deleted", users: usersWho(true) },
  ];
}

/** The people with these host ids, in any order; unknown and deleted ones are left out. */
export async function usersByHostIds(em: SqlEntityManager, hostIds: readonly string[]): Promise<readonly User[]> {
  const ids = possible(hostIds);
  if (ids.length === 0) return [];
  return selectUsers(em, sql`where u.host_id in (${sql.join(ids)}) and u.deleted_at is null`);
}

/** A person by username or host id, for the command line. */
export async function findUserByName(em: SqlEntityManager, nameOrHostId: string): Promise<User | undefined> {
  const found = await selectUsers(
    em,
    sql`where u.deleted_at is null and (u.username = ${nameOrHostId} or u.host_id = ${nameOrHostId})
        order by u.username = ${nameOrHostId} desc, u.id limit 1`,
  );
  return found[0];
}

/** Everybody there is, by number: for the demo's log-in page. */
export async function firstUsers(em: SqlEntityManager, limit: number): Promise<readonly User[]> {
  return selectUsers(em, sql`where u.deleted_at is null order by u.id limit ${limit}`);
}

/** Of these host ids, the people whom the viewer may know: themselves and members of their projects. */
export async function knownUsersByHostIds(
  em: SqlEntityManager,
  viewerId: UserId,
  hostIds: readonly string[],
): Promise<readonly User[]> {
  const ids = possible(hostIds);
  if (ids.length === 0) return [];
  return selectUsers(
    em,
    sql`where u.host_id in (${sql.join(ids)}) and (u.id = ${viewerId} or exists (
          select 1 from chat_membership theirs join chat_membership mine on mine.project_id = theirs.project_id
          where theirs.user_id = u.id and mine.user_id = ${viewerId}))`,
  );
}

/** The viewer's projects, by name. */
export async function projectsOf(em: SqlEntityManager, viewerId: UserId): Promise<readonly Project[]> {
  const rows = await query<ProjectRow>(
    em,
    sql`select ${projectColumns} from chat_project p join chat_membership m on m.project_id = p.id
        where m.user_id = ${viewerId} order by p.name, p.id`,
  );
  return rows.map(toProject);
}

/** The projects with these numbers, in any order: for edges whose start was already authorised. */
export async function projectsByIds(em: SqlEntityManager, ids: readonly ProjectId[]): Promise<readonly Project[]> {
  if (ids.length === 0) return [];
  const rows = await query<ProjectRow>(
    em,
    sql`select ${projectColumns} from chat_project p where p.id = any(${intArray(ids)})`,
  );
  return rows.map(toProject);
}

/** Of these host ids, the projects that the viewer is a member of. */
export async function ownProjectsByHostIds(
  em: SqlEntityManager,
  viewerId: UserId,
  hostIds: readonly string[],
): Promise<readonly Project[]> {
  const ids = possible(hostIds);
  if (ids.length === 0) return [];
  const rows = await query<ProjectRow>(
    em,
    sql`select ${projectColumns} from chat_project p join chat_membership m on m.project_id = p.id
        where m.user_id = ${viewerId} and p.host_id in (${sql.join(ids)})`,
  );
  return rows.map(toProject);
}

/** A project of the viewer's; undefined when there is none, or it is not theirs. */
export async function ownProject(
  em: SqlEntityManager,
  viewerId: UserId,
  ref: ProjectRef,
): Promise<Project | undefined> {
  if ("hostId" in ref) return (await ownProjectsByHostIds(em, viewerId, [ref.hostId]))[0];
  const row = await queryOne<ProjectRow>(
    em,
    sql`select ${projectColumns} from chat_project p join chat_membership m on m.project_id = p.id
        where m.user_id = ${viewerId} and p.id = ${parseId<ProjectId>(ref.id) ?? 0}`,
  );
  return row && toProject(row);
}

/** Our numbers of people as a client named them, in the same order; undefined where there is no such person. */
export async function userIdsOfRefs(
  em: SqlEntityManager,
  refs: readonly PersonRef[],
): Promise<readonly (UserId | undefined)[]> {
  const hostIds = refs.flatMap((ref) => ("hostId" in ref ? [ref.hostId] : []));
  const found = await usersByHostIds(em, hostIds);
  const byHostId = new Map(found.map((user) => [user.hostId, user.id]));
  return refs.map((ref) => ("hostId" in ref ? byHostId.get(ref.hostId) : parseId<UserId>(ref.id)));
}

/** Somebody's stored row, with when the host last vouched for it. */
export interface KnownProfile {
  readonly user: User;
  readonly profileAtMs: number;
  readonly isDeleted: boolean;
}

/** Whom we know by this host id, deleted or not. */
export async function profileOf(em: SqlEntityManager, hostId: string): Promise<KnownProfile | undefined> {
  const row = await queryOnePrepared<UserRow & { profile_at: Date | string | null }>(
    em,
    sql`select ${userColumns}, u.profile_at from chat_user u where u.host_id = ${hostId}`,
  );
  if (row === undefined) return undefined;
  const profileAtMs = row.profile_at === null ? 0 : new Date(row.profile_at).getTime();
  return { user: toUser(row), profileAtMs, isDeleted: row.is_deleted };
}
