import { intArray, jsonb, query, sql } from "../platform/sql.js";
import { BadLine, differenceBetween } from "./bad-line.js";
import type { Placed } from "./lines.js";
import { stage, type Load } from "./load.js";

interface KnownUser {
  readonly id: number;
  readonly host_id: string;
  readonly username: string;
  readonly display_name: string;
  /** The host product has vouched for the names by a token, or has deleted the person: that counts for more than a file. */
  readonly is_vouched: boolean;
}

/** Users of the file. One who is there already has to be the same. */
export async function stageUsers({ tx, counts }: Load, lines: readonly Placed<"user">[]): Promise<void> {
  if (lines.length === 0) return;
  const told = lines.map(({ line, record: { id, host_id, username, display_name } }) => ({
    line,
    user: { id, host_id: host_id ?? String(id), username, display_name },
  }));
  const known = await query<KnownUser>(
    tx,
    sql`with told as (select * from jsonb_to_recordset(${jsonb(told.map(({ user }) => user))}) as x(id int, host_id text))
        select u.id, u.host_id, u.username, u.display_name, u.profile_at is not null or u.deleted_at is not null as is_vouched
        from chat_user u where u.id in (select id from told) or u.host_id in (select host_id from told)
        union all select i.id, i.host_id, i.username, i.display_name, false
        from import_user i where i.id in (select id from told) or i.host_id in (select host_id from told)`,
  );
  const byId = new Map(known.map((user) => [user.id, user]));
  const byHostId = new Map(known.map((user) => [user.host_id, user]));
  const fresh = [];
  for (const { line, user } of told) {
    const same = byId.get(user.id);
    if (same === undefined) {
      refuseTakenHostId(line, "user", byHostId.get(user.host_id));
      fresh.push(user);
      byId.set(user.id, { ...user, is_vouched: false });
      byHostId.set(user.host_id, { ...user, is_vouched: false });
      continue;
    }
    const { is_vouched, ...stored } = same;
    const difference = is_vouched
      ? differenceBetween({ host_id: stored.host_id }, { host_id: user.host_id })
      : differenceBetween(stored, user);
    if (difference !== undefined) throw new BadLine(line, `User ${user.id} exists and is another: ${difference}.`);
  }
  await stage(tx, "import_user", fresh);
  counts.user.new += fresh.length;
  counts.user.known += lines.length - fresh.length;
}

function refuseTakenHostId(line: number, kind: string, owner: { id: number; host_id: string } | undefined): void {
  if (owner !== undefined)
    throw new BadLine(line, `The host_id ${JSON.stringify(owner.host_id)} is that of ${kind} ${owner.id} already.`);
}

interface KnownProject {
  readonly id: number;
  readonly host_id: string;
  readonly name: string;
}

/** Projects of the file. One that is there already has to be the same; members whom it has not yet are added to it. */
export async function stageProjects(load: Load, lines: readonly Placed<"project">[]): Promise<void> {
  if (lines.length === 0) return;
  const { tx, counts } = load;
  const told = lines.map(({ line, record: { id, host_id, name, members } }) => ({
    line,
    members,
    project: { id, host_id: host_id ?? String(id), name },
  }));
  const known = await query<KnownProject>(
    tx,
    sql`with told as (select * from jsonb_to_recordset(${jsonb(told.map(({ project }) => project))}) as x(id int, host_id text))
        select p.id, p.host_id, p.name from chat_project p where p.id in (select id from told) or p.host_id in (select host_id from told)
        union all
        select i.id, i.host_id, i.name from import_project i where i.id in (select id from told) or i.host_id in (select host_id from told)`,
  );
  const byId = new Map(known.map((project) => [project.id, project]));
  const byHostId = new Map(known.map((project) => [project.host_id, project]));
  const people = await knownPeople(
    load,
    told.flatMap(({ members }) => members),
  );
  const fresh = [];
  for (const { line, project, members } of told) {
    const same = byId.get(project.id);
    if (same === undefined) {
      refuseTakenHostId(line, "project", byHostId.get(project.host_id));
      fresh.push(project);
      byId.set(project.id, project);
      byHostId.set(project.host_id, project);
    } else {
      const difference = differenceBetween(same, project);
      if (difference !== undefined)
        throw new BadLine(line, `Project ${project.id} exists and is another: ${difference}.`);
    }
    for (const member of members) requirePresent(line, people, member);
  }
  await stage(tx, "import_project", fresh);
  await stageMembers(
    load,
    told.flatMap(({ project, members }) => members.map((user_id) => ({ project_id: project.id, user_id }))),
  );
  counts.project.new += fresh.length;
  counts.project.known += lines.length - fresh.length;
}

interface Membership {
  readonly project_id: number;
  readonly user_id: number;
}

async function stageMembers({ tx }: Load, members: readonly Membership[]): Promise<void> {
  await query(
    tx,
    sql`insert into import_member (project_id, user_id)
        select x.project_id, x.user_id from jsonb_to_recordset(${jsonb(members)}) as x(project_id int, user_id int)
        where not exists (select 1 from chat_membership m where m.project_id = x.project_id and m.user_id = x.user_id)
        on conflict do nothing`,
  );
}

/** Which of these people there are, stored or staged; false for those whom the host product has deleted. */
export async function knownPeople({ tx }: Load, ids: readonly number[]): Promise<ReadonlyMap<number, boolean>> {
  const wanted = intArray([...new Set(ids)]);
  const rows = await query<{ id: number; is_present: boolean }>(
    tx,
    sql`select id, deleted_at is null as is_present from chat_user where id = any(${wanted})
        union all select id, true from import_user where id = any(${wanted})`,
  );
  return new Map(rows.map((row) => [row.id, row.is_present]));
}

/** What somebody wrote or made stays theirs, also when the host product has deleted them. */
export function requireKnown(line: number, people: ReadonlyMap<number, boolean>, user: number): void {
  if (!people.has(user))
    throw new BadLine(line, `There is no user ${user}. A user's own line has to stand before the first use.`);
}

/** Whoever shall be in a project or a room has to be there still. */
export function requirePresent(line: number, people: ReadonlyMap<number, boolean>, user: number): void {
  requireKnown(line, people, user);
  if (people.get(user) === false)
    throw new BadLine(line, `User ${user} has been deleted in the host product, and can't be in anything any more.`);
}
