import type { SqlEntityManager } from "@mikro-orm/sql";
import { batchesOf } from "../../platform/batches.js";
import { badInput } from "../../platform/errors.js";
import type { UserId } from "../../platform/ids.js";
import { intArray, jsonb, query, sql } from "../../platform/sql.js";
import type { Membership, Project, ProjectId } from "./directory.js";
import type { ProjectRow, UpsertCounts } from "./host-rows.js";
import { lockNewcomers, takeNumbers } from "./local-number.actions.js";

/** What the host product's rows come to: nothing is written yet. */
export interface ProjectsPlan {
  readonly fresh: readonly FreshProject[];
  readonly renamed: readonly Pick<Project, "id" | "name">[];
  readonly deleted: readonly ProjectId[];
  readonly joining: readonly Membership[];
  /** Who leaves a project that goes on. */
  readonly leaving: readonly Membership[];
  readonly counts: UpsertCounts;
}

interface FreshProject {
  readonly hostId: string;
  readonly name: string;
  readonly memberIds: readonly UserId[];
}

/** Where a row is faulty, as its sender counts. */
interface Place {
  readonly row: ProjectRow;
  readonly at: string;
}

/**
 * Holds what the host product says of its projects against what is stored. What it does not say stays as it is.
 * @throws DomainError BAD_USER_INPUT for a new project without a name, and for a member that nobody knows
 */
export async function planProjects(tx: SqlEntityManager, rows: readonly ProjectRow[]): Promise<ProjectsPlan> {
  const known = await knownProjects(tx, rows);
  const numberOf = await peopleNamed(tx, rows);
  const members = await membersNow(tx, [...known.values()]);
  const fresh: FreshProject[] = [];
  const changes: Change[] = [];
  for (const [index, row] of rows.entries()) {
    const place = { row, at: `projects[${index}]` };
    const project = known.get(row.id);
    if (project !== undefined) changes.push(changeOf(place, project, members.get(project.id) ?? new Set(), numberOf));
    else if (row.isDeleted !== true) fresh.push(freshProject(place, numberOf));
  }
  const changed = changes.filter(isChange).length;
  return {
    fresh,
    renamed: changes.flatMap(({ renamed }) => renamed),
    deleted: changes.flatMap(({ deleted }) => deleted),
    joining: changes.flatMap(({ joining }) => joining),
    leaving: changes.flatMap(({ leaving }) => leaving),
    counts: { created: fresh.length, changed, unchanged: rows.length - fresh.length - changed },
  };
}

type Change = Pick<ProjectsPlan, "renamed" | "deleted" | "joining" | "leaving">;

const isChange = ({ renamed, deleted, joining, leaving }: Change): boolean =>
  renamed.length + deleted.length + joining.length + leaving.length > 0;

function changeOf(place: Place, project: Project, present: ReadonlySet<UserId>, numberOf: People): Change {
  const { row } = place;
  const { id } = project;
  if (row.isDeleted === true) return { renamed: [], deleted: [id], joining: [], leaving: [] };
  const wanted = wantedMembers(place, numberOf);
  const gone = (row.removeMemberIds ?? []).flatMap((hostId) => numberOf.get(hostId)?.id ?? []);
  const staying = new Set(wanted);
  const leaving = isComplete(row) ? [...present].filter((userId) => !staying.has(userId)) : gone;
  const name = row.name ?? project.name;
  return {
    renamed: name === project.name ? [] : [{ id, name }],
    deleted: [],
    joining: wanted.filter((userId) => !present.has(userId)).map((userId) => ({ projectId: id, userId })),
    leaving: leaving.filter((userId) => present.has(userId)).map((userId) => ({ projectId: id, userId })),
  };
}

const isComplete = ({ memberIds }: ProjectRow): boolean => memberIds !== undefined && memberIds !== null;

function freshProject(place: Place, numberOf: People): FreshProject {
  const { row, at } = place;
  if (row.name === undefined || row.name === null) throw badInput(`${at}.name`, "A new project needs a name.");
  return { hostId: row.id, name: row.name, memberIds: wantedMembers(place, numberOf) };
}

/** Who shall be in the project, each once. */
function wantedMembers({ row, at }: Place, numberOf: People): readonly UserId[] {
  const field = isComplete(row) ? "memberIds" : "addMemberIds";
  const ids = (row[field] ?? []).map((hostId, index) => {
    const person = numberOf.get(hostId);
    if (person === undefined || person.isDeleted)
      throw badInput(
        `${at}.${field}[${index}]`,
        person === undefined ? "Nobody has this id: send the person first." : "This person has been deleted.",
      );
    return person.id;
  });
  return [...new Set(ids)];
}

async function knownProjects(tx: SqlEntityManager, rows: readonly ProjectRow[]): Promise<ReadonlyMap<string, Project>> {
  const read = async () => {
    const found = await query<Project>(
      tx,
      sql`select p.id, p.host_id as "hostId", p.name from chat_project p
          where p.host_id in (select jsonb_array_elements_text(${jsonb(rows.map(({ id }) => id))}))`,
    );
    return new Map(found.map((project) => [project.hostId, project]));
  };
  const known = await read();
  if (known.size === rows.length) return known;
  await lockNewcomers(tx, "chat_project");
  return read();
}

type People = ReadonlyMap<string, { readonly id: UserId; readonly isDeleted: boolean }>;

async function peopleNamed(tx: SqlEntityManager, rows: readonly ProjectRow[]): Promise<People> {
  const hostIds = new Set(
    rows.flatMap((row) => [row.memberIds, row.addMemberIds, row.removeMemberIds].flatMap((list) => list ?? [])),
  );
  if (hostIds.size === 0) return new Map();
  const found = await query<{ id: UserId; host_id: string; is_deleted: boolean }>(
    tx,
    sql`select u.id, u.host_id, u.deleted_at is not null as is_deleted from chat_user u
        where u.host_id in (select jsonb_array_elements_text(${jsonb([...hostIds])}))`,
  );
  return new Map(found.map((row) => [row.host_id, { id: row.id, isDeleted: row.is_deleted }]));
}

async function membersNow(
  tx: SqlEntityManager,
  projects: readonly Project[],
): Promise<ReadonlyMap<ProjectId, ReadonlySet<UserId>>> {
  if (projects.length === 0) return new Map();
  const rows = await query<{ project_id: ProjectId; members: readonly UserId[] }>(
    tx,
    sql`select project_id, array_agg(user_id) as members from chat_membership
        where project_id = any(${intArray(projects.map(({ id }) => id))}) group by project_id`,
  );
  return new Map(rows.map(({ project_id, members }) => [project_id, new Set(members)]));
}

/** So many memberships are stored by one statement, well within the time that a statement has. */
const JOIN_BATCH = 20_000;

/** Writes what was planned, but for the deleted projects themselves: their rooms have to be ended first. */
export async function storeProjects(tx: SqlEntityManager, plan: ProjectsPlan): Promise<void> {
  const joining = [...plan.joining, ...(await insertProjects(tx, plan.fresh))];
  if (plan.renamed.length > 0)
    await query(
      tx,
      sql`update chat_project p set name = x.name
          from jsonb_to_recordset(${jsonb(plan.renamed)}) as x(id int, name text) where p.id = x.id`,
    );
  for (const batch of batchesOf(joining, JOIN_BATCH))
    await query(
      tx,
      sql`insert into chat_membership (project_id, user_id) select x."projectId", x."userId" from ${memberships(batch)}
          on conflict do nothing`,
    );
  if (plan.leaving.length > 0)
    await query(
      tx,
      sql`delete from chat_membership m using ${memberships(plan.leaving)}
          where m.project_id = x."projectId" and m.user_id = x."userId"`,
    );
  if (plan.deleted.length > 0)
    await query(tx, sql`delete from chat_membership where project_id = any(${intArray(plan.deleted)})`);
}

/** Memberships as the rows `x("projectId", "userId")`. */
export function memberships(list: readonly Membership[]) {
  return sql`jsonb_to_recordset(${jsonb(list)}) as x("projectId" int, "userId" int)`;
}

async function insertProjects(tx: SqlEntityManager, fresh: readonly FreshProject[]): Promise<readonly Membership[]> {
  if (fresh.length === 0) return [];
  const ids = await takeNumbers<ProjectId>(
    tx,
    "chat_project",
    fresh.map(({ hostId }) => hostId),
  );
  const rows = fresh.map(({ hostId, name }, index) => ({ id: ids[index], host_id: hostId, name }));
  await query(
    tx,
    sql`insert into chat_project (id, host_id, name)
        select x.id, x.host_id, x.name from jsonb_to_recordset(${jsonb(rows)}) as x(id int, host_id text, name text)`,
  );
  return fresh.flatMap(({ memberIds }, index) => {
    const projectId = ids[index];
    return projectId === undefined ? [] : memberIds.map((userId) => ({ projectId, userId }));
  });
}

/** Removes projects whose rooms have ended. */
export async function removeProjects(tx: SqlEntityManager, ids: readonly ProjectId[]): Promise<void> {
  if (ids.length > 0) await query(tx, sql`delete from chat_project where id = any(${intArray(ids)})`);
}
