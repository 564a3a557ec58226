import { directPair, MAX_PARTICIPANTS } from "../features/rooms/room.js";
import { intArray, jsonb, query, sql, textArray } from "../platform/sql.js";
import { BadLine, differenceBetween } from "./bad-line.js";
import type { Placed } from "./lines.js";
import { stage, type Load } from "./load.js";
import { isBefore, knownPeople, requireKnown, requirePresent, type KnownPeople } from "./stage-directory.js";

interface KnownRoom {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly project_id: number;
  /** Null when nobody is known to have made it, or no more. */
  readonly created_by_id: number | null;
  /** The two people of a direct room; null in a group. */
  readonly direct_pair: string | null;
  /** It is of this file. One that is stored may have another name by now. */
  readonly is_staged: boolean;
}

/** Rooms of the file. One that is there already has to be the same; participants whom it has not yet are added to it. */
export async function stageRooms(load: Load, lines: readonly Placed<"room">[]): Promise<void> {
  if (lines.length === 0) return;
  const told = lines.map(({ line, record }) => ({ line, record, room: toRoomRow(record) }));
  const known = await readKnown(load, told);
  const fresh = [];
  for (const { line, record, room } of told) {
    requireProject(line, known.projects, room.project_id);
    if (room.created_by_id !== null) requireKnown(line, known.people, room.created_by_id);
    const same = known.rooms.get(room.id);
    if (same === undefined) {
      refuseTakenPair(line, room, known.pairs);
      fresh.push({ ...room, line, created_at: record.created_at });
      known.rooms.set(room.id, room);
    } else refuseOther(line, same, room);
    for (const { user } of record.participants) {
      requirePresent(line, known.people, user);
      if (!isBefore(line, known.members.get(`${room.project_id}:${user}`)))
        throw new BadLine(line, `User ${user} is not a member of project ${room.project_id}, whose room this is.`);
    }
    join(line, known.participants, record);
  }
  await stage(load.tx, "import_room", fresh);
  await stageParticipants(load, lines);
  load.counts.room.new += fresh.length;
  load.counts.room.known += lines.length - fresh.length;
}

type RoomRecord = Placed<"room">["record"];

function toRoomRow({ id, type, name, project, created_by, participants }: RoomRecord): KnownRoom {
  const [one, other] = participants;
  const pair = type === "direct" && one !== undefined && other !== undefined ? directPair(one.user, other.user) : null;
  return { id, type, name, project_id: project, created_by_id: created_by, direct_pair: pair, is_staged: true };
}

/** What the rules ask about, read for many lines at once; what a line brings is added for those after it. */
interface Known {
  readonly rooms: Map<number, KnownRoom>;
  /** By project and pair, which room it is. */
  readonly pairs: Map<string, number>;
  readonly participants: Map<number, Set<number>>;
  /** On which line each stands. */
  readonly projects: ReadonlyMap<number, number>;
  readonly people: KnownPeople;
  /** By `project:user`, on which line that stands. */
  readonly members: ReadonlyMap<string, number>;
}

async function readKnown(
  load: Load,
  told: readonly { readonly record: RoomRecord; readonly room: KnownRoom }[],
): Promise<Known> {
  const rooms = await knownRooms(
    load,
    told.map(({ room }) => room),
  );
  const ids = new Set(told.map(({ room }) => room.id));
  const people = told.flatMap(({ record }) => record.participants.map(({ user }) => user));
  const creators = told.flatMap(({ record }) => record.created_by ?? []);
  const projects = told.map(({ room }) => room.project_id);
  return {
    rooms: new Map(rooms.filter((room) => ids.has(room.id)).map((room) => [room.id, room])),
    pairs: new Map(rooms.map((room) => [`${room.project_id} ${room.direct_pair}`, room.id])),
    participants: await knownParticipants(load, [...ids]),
    projects: await knownProjects(load, projects),
    people: await knownPeople(load, [...people, ...creators]),
    members: await knownMembers(load, projects, people),
  };
}

async function knownRooms({ tx }: Load, told: readonly KnownRoom[]): Promise<readonly KnownRoom[]> {
  const columns = sql`id, type, name, project_id, created_by_id, direct_pair`;
  const ids = intArray(told.map(({ id }) => id));
  const projects = intArray([...new Set(told.map(({ project_id }) => project_id))]);
  const pairs = textArray([...new Set(told.flatMap(({ direct_pair }) => direct_pair ?? []))]);
  // Also a pair of another project that is told of: who asks knows both.
  const isTold = sql`(id = any(${ids}) or (project_id = any(${projects}) and direct_pair = any(${pairs})))`;
  return query<KnownRoom>(
    tx,
    sql`select ${columns}, false as is_staged from chat_room where ${isTold}
        union all select ${columns}, true from import_room where ${isTold}`,
  );
}

async function knownParticipants({ tx }: Load, rooms: readonly number[]): Promise<Map<number, Set<number>>> {
  const wanted = intArray(rooms);
  const rows = await query<{ room_id: number; user_id: number }>(
    tx,
    sql`select room_id, user_id from chat_participant where room_id = any(${wanted})
        union select room_id, user_id from import_participant where room_id = any(${wanted})`,
  );
  const known = new Map<number, Set<number>>();
  for (const { room_id, user_id } of rows) known.set(room_id, (known.get(room_id) ?? new Set()).add(user_id));
  return known;
}

async function knownProjects({ tx }: Load, ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const wanted = intArray([...new Set(ids)]);
  const rows = await query<{ id: number; line: number }>(
    tx,
    sql`select id, 0 as line from chat_project where id = any(${wanted})
        union all select id, line from import_project where id = any(${wanted})`,
  );
  return new Map(rows.map(({ id, line }) => [id, line]));
}

async function knownMembers(
  { tx }: Load,
  projects: readonly number[],
  users: readonly number[],
): Promise<ReadonlyMap<string, number>> {
  const isAsked = sql`project_id = any(${intArray([...new Set(projects)])}) and user_id = any(${intArray([...new Set(users)])})`;
  const rows = await query<{ project_id: number; user_id: number; line: number }>(
    tx,
    sql`select project_id, user_id, line from import_member where ${isAsked}
        union all select project_id, user_id, 0 from chat_membership where ${isAsked}`,
  );
  return new Map(rows.map((row) => [`${row.project_id}:${row.user_id}`, row.line]));
}

function requireProject(line: number, projects: ReadonlyMap<number, number>, id: number): void {
  if (!isBefore(line, projects.get(id)))
    throw new BadLine(line, `There is no project ${id}. A project's own line has to stand before its rooms.`);
}

/** Two people have one direct room in a project. */
function refuseTakenPair(line: number, room: KnownRoom, pairs: Map<string, number>): void {
  if (room.direct_pair === null) return;
  const key = `${room.project_id} ${room.direct_pair}`;
  const taken = pairs.get(key);
  if (taken !== undefined)
    throw new BadLine(
      line,
      `Users ${room.direct_pair.replace(":", " and ")} have a direct room in project ${room.project_id} already: room ${taken}.`,
    );
  pairs.set(key, room.id);
}

/** A room that is there already has to be the same, unless it lived on here: one that was renamed keeps its name. */
function refuseOther(line: number, { is_staged, ...known }: KnownRoom, told: KnownRoom): void {
  const name = is_staged ? told.name : known.name;
  // Who made it is forgotten when the host product deletes that person.
  const created_by_id = known.created_by_id === null ? null : told.created_by_id;
  const difference = differenceBetween<object>(known, { ...told, is_staged: undefined, name, created_by_id });
  if (difference !== undefined) throw new BadLine(line, `Room ${told.id} exists and is another: ${difference}.`);
}

function join(line: number, known: Map<number, Set<number>>, { id, participants }: RoomRecord): void {
  const present = known.get(id) ?? new Set<number>();
  known.set(id, present);
  for (const { user } of participants) present.add(user);
  if (present.size > MAX_PARTICIPANTS)
    throw new BadLine(line, `Room ${id} would have more than ${MAX_PARTICIPANTS.toLocaleString("en")} participants.`);
}

/** All of them, because the file also says how far those have read who are in the room already. The last word counts. */
async function stageParticipants({ tx }: Load, lines: readonly Placed<"room">[]): Promise<void> {
  const people = lines.flatMap(({ line, record }) =>
    record.participants.map(({ user, joined_at, last_read_at }, index) => {
      const has_read_all = last_read_at === undefined;
      return { line, room_id: record.id, user_id: user, place: index + 1, joined_at, last_read_at, has_read_all };
    }),
  );
  const last = new Map(people.map((each) => [`${each.room_id}:${each.user_id}`, each]));
  await query(
    tx,
    sql`insert into import_participant select * from jsonb_populate_recordset(null::import_participant, ${jsonb([...last.values()])})
        on conflict (room_id, user_id) do update set last_read_at = excluded.last_read_at, has_read_all = excluded.has_read_all`,
  );
}
