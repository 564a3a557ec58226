import type { SqlEntityManager } from "@mikro-orm/sql";
import type { UserId } from "../../platform/ids.js";
import { grouped } from "../../platform/loaders.js";
import { intArray, query, sql } from "../../platform/sql.js";
import { toUser, userColumns, type UserRow } from "./directory.queries.js";
import type { ProjectId, User } from "./directory.js";

export interface MemberPage {
  /** Part of a username or display name, in any case. */
  readonly search: string;
  /** The display name and number after which the page starts. */
  readonly after?: { readonly name: string; readonly id: UserId } | undefined;
  readonly limit: number;
}

/** A page of each project's members by display name, with one more than `limit` when there are more. */
export async function membersOfProjects(
  em: SqlEntityManager,
  projectIds: readonly ProjectId[],
  page: MemberPage,
): Promise<readonly (readonly User[])[]> {
  const pattern = `%${page.search.replaceAll("\u0000", "").replace(/[\\%_]/g, "\\$&")}%`;
  // The name is lowered by the database, whose idea of lower case need not be ours.
  const after =
    page.after === undefined
      ? sql``
      : sql`and (lower(u.display_name), u.id) > (lower(${page.after.name}), ${page.after.id})`;
  const rows = await query<UserRow & { readonly project_id: ProjectId }>(
    em,
    sql`select q.* from unnest(${intArray(projectIds)}) as w(project_id) cross join lateral (
          select ${userColumns}, m.project_id from chat_user u join chat_membership m on m.user_id = u.id
          where m.project_id = w.project_id and u.deleted_at is null
            and (u.display_name ilike ${pattern} or u.username ilike ${pattern}) ${after}
          order by lower(u.display_name), u.id limit ${page.limit + 1}) q
        order by lower(q.display_name), q.id`,
  );
  const byProject = grouped(projectIds, rows, (row) => row.project_id);
  return byProject.map((members) => members.map(toUser));
}

/**
 * Which of these people are members of the project and not deleted. Until COMMIT they stay it: who takes them out of
 * the project waits, and then finds what they were put into meanwhile. Rooms' streams are locked before memberships.
 */
export async function memberIds(
  tx: SqlEntityManager,
  projectId: ProjectId,
  userIds: readonly UserId[],
): Promise<ReadonlySet<UserId>> {
  if (userIds.length === 0) return new Set();
  const rows = await query<{ user_id: UserId }>(
    tx,
    sql`select m.user_id from chat_membership m join chat_user u on u.id = m.user_id
        where m.project_id = ${projectId} and m.user_id = any(${intArray(userIds)}) and u.deleted_at is null
        for key share of m`,
  );
  return new Set(rows.map((row) => row.user_id));
}
