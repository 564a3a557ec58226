import { mentionedNames, type MessageType } from "../features/messages/message.js";
import { MAX_DISTINCT_EMOJI } from "../features/reactions/reaction.js";
import { intArray, query, sql } from "../platform/sql.js";
import { BadLine, differenceBetween } from "./bad-line.js";
import { exactly, type ExactTime } from "./exact-time.js";
import type { Placed } from "./lines.js";
import { stage, type Load } from "./load.js";
import { claimedBy, storeFile, toStagedFile, type Carried } from "./stage-files.js";
import { isBefore, knownPeople, requireKnown, type KnownPeople } from "./stage-directory.js";

/** What a line says of its message, but for what it carries. */
interface Told {
  readonly id: number;
  readonly room_id: number;
  readonly user_id: number;
  readonly content: string;
  readonly created_at: ExactTime;
  readonly edited_at: ExactTime | null;
}

type KnownMessage = Told & Carried;

/** A place in the order of a room. */
interface Place {
  readonly created_at: ExactTime;
  readonly id: number;
}

/** Messages of the imported file. One that is there already has to be the same; reactions that it has not yet are added to it. */
export async function stageMessages(load: Load, lines: readonly Placed<"message">[]): Promise<void> {
  if (lines.length === 0) return;
  const known = await readKnown(load, lines);
  const fresh: (Told & { readonly type: MessageType; readonly line: number })[] = [];
  const files: object[] = [];
  const reactions: Reaction[] = [];
  for (const placed of lines) {
    const { line, record } = placed;
    const room = requireRoom(placed, known);
    const [told, same] = [toTold(record), known.messages.get(record.id)];
    if (same === null) continue;
    if (same === undefined) {
      refuseEarlier(line, told, room.newest);
      const { carried, file } = await storeFile(load, placed);
      fresh.push({ ...told, type: carried.type, line });
      if (file !== undefined) files.push(toStagedFile(record.id, file));
      known.messages.set(record.id, { ...told, ...carried });
    } else refuseOther(line, same, { ...told, ...(await claimedBy(load, placed, same)) });
    reactions.push(...newReactions(line, record, known.reactions));
  }
  const { tx, counts } = load;
  await stage(tx, "import_message", fresh);
  await stage(tx, "import_attachment", files);
  await stage(tx, "import_reaction", reactions);
  await stage(tx, "import_mention", fresh.flatMap(mentionsIn));
  counts.message.new += fresh.length;
  counts.message.known += lines.length - fresh.length;
}

/** @throws BadLine when the room, or anybody who is named, does not stand before this line */
function requireRoom({ line, record }: Placed<"message">, known: Known): KnownRoom {
  const room = known.rooms.get(record.room);
  if (room === undefined || !isBefore(line, room.line))
    throw new BadLine(line, `There is no room ${record.room}. A room's own line has to stand before its messages.`);
  requireKnown(line, known.people, record.user);
  for (const { user } of record.reactions) requireKnown(line, known.people, user);
  return room;
}

type MessageRecord = Placed<"message">["record"];

function toTold({ id, room, user, content, created_at, edited_at }: MessageRecord): Told {
  return { id, room_id: room, user_id: user, content, created_at, edited_at };
}

const mentionsIn = ({ id, content }: Told) => mentionedNames(content).map((name) => ({ message_id: id, name }));

/** A room, where it stands, and its newest stored message, if it has one. */
interface KnownRoom {
  readonly line: number;
  readonly newest: Place | undefined;
}

/** What the rules ask about, read for many lines at once; what a line brings is added for those after it. */
interface Known {
  readonly rooms: ReadonlyMap<number, KnownRoom>;
  readonly people: KnownPeople;
  /** Null is a message that has been deleted, and stays so. */
  readonly messages: Map<number, KnownMessage | null>;
  /** By message: who reacted with what, as `user emoji`. */
  readonly reactions: Map<number, Set<string>>;
}

async function readKnown(load: Load, lines: readonly Placed<"message">[]): Promise<Known> {
  const records = lines.map(({ record }) => record);
  const people = records.flatMap(({ user, reactions }) => [user, ...reactions.map((reaction) => reaction.user)]);
  return {
    rooms: await knownRooms(load, [...new Set(records.map(({ room }) => room))]),
    people: await knownPeople(load, people),
    messages: await knownMessages(
      load,
      records.map(({ id }) => id),
    ),
    reactions: await knownReactions(
      load,
      records.filter(({ reactions }) => reactions.length > 0).map(({ id }) => id),
    ),
  };
}

async function knownRooms({ tx }: Load, ids: readonly number[]): Promise<ReadonlyMap<number, KnownRoom>> {
  const wanted = intArray(ids);
  const rows = await query<{ room_id: number; line: number; created_at: ExactTime | null; id: number | null }>(
    tx,
    sql`select r.id as room_id, 0 as line, newest.created_at, newest.id from chat_room r left join lateral (
          select m.id, ${exactly(sql`m.created_at`)} as created_at from chat_message m where m.room_id = r.id order by m.no desc limit 1) newest on true
        where r.id = any(${wanted})
        union all select id, line, null, null from import_room where id = any(${wanted})`,
  );
  return new Map(
    rows.map(({ room_id, line, created_at, id }) => [
      room_id,
      { line, newest: created_at === null || id === null ? undefined : { created_at, id } },
    ]),
  );
}

async function knownMessages({ tx }: Load, ids: readonly number[]): Promise<Map<number, KnownMessage | null>> {
  const wanted = intArray(ids);
  const columns = sql`m.id, m.room_id, m.user_id, m.content, m.type, a.name as attachment, a.size as attachment_size, a.sha256 as attachment_sha256,
    ${exactly(sql`m.created_at`)} as created_at, ${exactly(sql`m.edited_at`)} as edited_at`;
  const rows = await query<KnownMessage & { readonly is_deleted: boolean }>(
    tx,
    sql`select ${columns}, m.deleted_at is not null as is_deleted from chat_message m left join chat_attachment a on a.id = m.attachment_id where m.id = any(${wanted})
        union all select ${columns}, false from import_message m left join import_attachment a on a.message_id = m.id where m.id = any(${wanted})`,
  );
  return new Map(rows.map(({ is_deleted, ...message }) => [message.id, is_deleted ? null : message]));
}

async function knownReactions({ tx }: Load, ids: readonly number[]): Promise<Map<number, Set<string>>> {
  const wanted = intArray(ids);
  const rows = await query<{ message_id: number; user_id: number; emoji: string }>(
    tx,
    sql`select message_id, user_id, emoji from message_reaction where message_id = any(${wanted})
        union all select message_id, user_id, emoji from import_reaction where message_id = any(${wanted})`,
  );
  const known = new Map<number, Set<string>>();
  for (const row of rows) {
    known.set(row.message_id, (known.get(row.message_id) ?? new Set()).add(`${row.user_id} ${row.emoji}`));
  }
  return known;
}

/** A room's order never changes behind its back: what is new in it comes after what it has. */
function refuseEarlier(line: number, message: Told, newest: Place | undefined): void {
  if (newest === undefined || message.created_at > newest.created_at) return;
  if (message.created_at === newest.created_at && message.id > newest.id) return;
  throw new BadLine(line, earlierThan(message.id, message.room_id, newest));
}

export function earlierThan(id: number, room: number, newest: Place): string {
  return `Message ${id} would stand before the newest of room ${room}, message ${newest.id} of ${newest.created_at}. Only later ones can be added to it.`;
}

/**
 * A message that is there already has to be the same, unless it lived on here: one that was edited later keeps its
 * words.
 */
function refuseOther(line: number, known: KnownMessage, told: Told & Partial<Carried>): void {
  const wasEditedHere = (known.edited_at ?? "") > (told.edited_at ?? "");
  const { content, edited_at } = known;
  const difference = differenceBetween(known, wasEditedHere ? { ...told, content, edited_at } : told);
  if (difference !== undefined) throw new BadLine(line, `Message ${told.id} exists and is another: ${difference}.`);
}

interface Reaction {
  readonly message_id: number;
  readonly user_id: number;
  readonly emoji: string;
  readonly created_at: ExactTime;
}

function newReactions(line: number, record: MessageRecord, known: Map<number, Set<string>>): readonly Reaction[] {
  const there = known.get(record.id) ?? new Set<string>();
  known.set(record.id, there);
  const missing = record.reactions.filter(({ user, emoji }) => !there.has(`${user} ${emoji}`));
  for (const { user, emoji } of missing) there.add(`${user} ${emoji}`);
  const distinct = new Set([...there].map((key) => key.slice(key.indexOf(" ") + 1)));
  if (distinct.size > MAX_DISTINCT_EMOJI)
    throw new BadLine(line, `Message ${record.id} would have more than ${MAX_DISTINCT_EMOJI} different reactions.`);
  return missing.map(({ user, emoji, created_at }) => ({
    message_id: record.id,
    user_id: user,
    emoji,
    created_at: created_at ?? record.created_at,
  }));
}
