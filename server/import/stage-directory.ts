import { intArray, jsonb, query, sql, textArray, type RawBuilder } from "../platform/sql.js";
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
  const isTold = isOneOf(told.map(({ user }) => user));
  const known = await query<KnownUser>(
    tx,
    sql`select id, host_id, username, display_name, profile_at is not null or deleted_at is not null as is_vouched
        from chat_user where ${isTold}
        union all select id, host_id, username, display_name, false from import_user where ${isTold}`,
  );
  const byId = new Map(known.map((user) => [user.id, user]));
  const byHostId = new Map(known.map((user) => [user.host_id, user]));
  const fresh = [];
  for (const { line, user } of told) {
    const same = byId.get(user.id);
    if (same === undefined) {
      refuseTakenHostId(line, "user", byHostId.get(user.host_id));
      fresh.push({ ...user, line });
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

/** By either of its ids. Each has an index, and the lists are there before the statement is planned. */
function isOneOf(things: readonly { readonly id: number; readonly host_id: string }[]): RawBuilder<boolean> {
  const [ids, hostIds] = [things.map(({ id }) => id), things.map(({ host_id }) => host_id)];
  return sql<boolean>`(id = any(${intArray(ids)}) or host_id = any(${textArray(hostIds)}))`;
}

function refuseTakenHostId(line: number, kind: string, owner: { id: number; host_id: string } | undefined): void {
  if (owner !== undefined)
    throw new BadLine(line, `The host_id ${JSON.stringify(owner.host_id)} is that of ${kind} ${owner.id} already.`);
}

interface KnownProject {
  readonly id: number;
  readonly host_id: string;
  readonly name: string;
  /** It is of this file. One that is stored may have another name by now. */
  readonly is_staged: boolean;
}

/** Projects of the file. One that is there already has to be the same; members whom it has not yet are added to it. */
export async function stageProjects(load: Load, lines: readonly Placed<"project">[]): Promise<void> {
  if (lines.length === 0) return;
  const { tx, counts } = load;
  const told = lines.map(({ line, record: { id, host_id, name, members } }) => ({
    line,
    members,
    project: { id, host_id: host_id ?? String(id), name, is_staged: true },
  }));
  const isTold = isOneOf(told.map(({ project }) => project));
  const known = await query<KnownProject>(
    tx,
    sql`select id, host_id, name, false as is_staged from chat_project where ${isTold}
        union all select id, host_id, name, true from import_project where ${isTold}`,
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
      fresh.push({ ...project, line });
      byId.set(project.id, project);
      byHostId.set(project.host_id, project);
    } else refuseOtherProject(line, same, project);
    for (const member of members) requirePresent(line, people, member);
  }
  await stage(tx, "import_project", fresh);
  await stageMembers(
    load,
    told.flatMap(({ line, project, members }) => members.map((user_id) => ({ line, project_id: project.id, user_id }))),
  );
  counts.project.new += fresh.length;
  counts.project.known += lines.length - fresh.length;
}

/** A project that is there already has to be the same, unless it lived on here: one that was renamed keeps its name. */
function refuseOtherProject(line: number, { is_staged, ...known }: KnownProject, told: KnownProject): void {
  const name = is_staged ? told.name : known.name;
  const difference = differenceBetween(known, { id: told.id, host_id: told.host_id, name });
  if (difference !== undefined) throw new BadLine(line, `Project ${told.id} exists and is another: ${difference}.`);
}

interface Membership {
  readonly line: number;
  readonly project_id: number;
  readonly user_id: number;
}

async function stageMembers({ tx }: Load, members: readonly Membership[]): Promise<void> {
  await query(
    tx,
    sql`insert into import_member (line, project_id, user_id)
        select x.line, x.project_id, x.user_id from jsonb_to_recordset(${jsonb(members)}) as x(line int, project_id int, user_id int)
        where not exists (select 1 from chat_membership m where m.project_id = x.project_id and m.user_id = x.user_id)
        order by x.line on conflict do nothing`,
  );
}

/** Somebody who is stored or staged. */
interface KnownPerson {
  readonly id: number;
  readonly line: number;
  /** False for those whom the host product has deleted. */
  readonly is_present: boolean;
}
export type KnownPeople = ReadonlyMap<number, KnownPerson>;

/** Which of these people there are. */
export async function knownPeople({ tx }: Load, ids: readonly number[]): Promise<KnownPeople> {
  const wanted = intArray([...new Set(ids)]);
  const rows = await query<KnownPerson>(
    tx,
    sql`select id, 0 as line, deleted_at is null as is_present from chat_user where id = any(${wanted})
        union all select id, line, true from import_user where id = any(${wanted})`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Whether a thing stands before this line: a batch is checked kind by kind, and so holds later ones too. */
export function isBefore(line: number, thing: number | undefined): boolean {
  return thing !== undefined && thing < line;
}

/** What somebody wrote or made stays theirs, also when the host product has deleted them. */
export function requireKnown(line: number, people: KnownPeople, user: number): void {
  if (!isBefore(line, people.get(user)?.line))
    throw new BadLine(line, `There is no user ${user}. A user's own line has to stand before the first use.`);
}

/** Whoever shall be in a project or a room has to be there still. */
export function requirePresent(line: number, people: KnownPeople, user: number): void {
  requireKnown(line, people, user);
  if (people.get(user)?.is_present === false) throw new BadLine(line, deletedInHost(user));
}

export const deletedInHost = (user: number): string =>
  `User ${user} has been deleted in the host product, and can't be in anything any more.`;
