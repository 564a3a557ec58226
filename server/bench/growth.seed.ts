import { indexingLate, type RunLong } from "./late-indexes.js";
import { FIRST_WRITER } from "./plan.js";
import { english, filler } from "./search.seed.js";

/** Rooms that have had so many messages each. */
export interface Size {
  readonly messages: number;
  readonly rooms: number;
}

/** People without other rooms than one small one: those who only read, and those who write beside {@link FIRST_WRITER}. */
const FIRST_VIEWER = 521;
const FIRST_AUTHOR = 561;
const AUTHORS = 17;
const FIRST_ROOM = 5_001;
/** Small rooms that all viewers are in besides, so that their lists are lists. */
const SIDE_ROOMS = 19;
const SIDE_MESSAGES = 5;
const BATCH = 50_000;
/** How far behind somebody is who reads: as far as a page. */
const BEHIND = 50;
/** So many seconds from message to message: a million of them are less than what the log keeps. */
const EVERY_S = 2;
/** One message in so many is deleted, mentions both viewers, or has a reaction. */
const DELETED_EVERY = 100;
const MENTIONED_EVERY = 1_000;
const REACTED_EVERY = 10;

/** One size of history, as it stands among the others in a database. */
export interface Grown extends Size {
  readonly firstRoom: number;
  /** Reads along, but for the last page. */
  readonly reader: number;
  /** Has never read anything. */
  readonly stranger: number;
  /** What is unread for both: what is deleted does not count. */
  readonly unread: { readonly reader: number; readonly stranger: number };
}

/** Which rooms and people stand for which size. */
export function grownOf(sizes: readonly Size[]): readonly Grown[] {
  let firstRoom = FIRST_ROOM + SIDE_ROOMS;
  return sizes.map((size, index) => {
    const grown = {
      ...size,
      firstRoom,
      reader: FIRST_VIEWER + index * 2,
      stranger: FIRST_VIEWER + index * 2 + 1,
      unread: { reader: BEHIND, stranger: size.messages - Math.floor(size.messages / DELETED_EVERY) },
    };
    firstRoom += size.rooms;
    return grown;
  });
}

/** Rooms with histories of these sizes, the log of every message, and what people did with them. */
export async function seedGrowth(run: RunLong, sizes: readonly Size[]): Promise<void> {
  const all = grownOf(sizes);
  const viewers = all.flatMap(({ reader, stranger }) => [reader, stranger]);
  const side = { messages: SIDE_MESSAGES, rooms: SIDE_ROOMS, firstRoom: FIRST_ROOM };
  await indexingLate(run, async () => {
    for (const place of [side, ...all]) await rooms(run, place);
    await run(`insert into chat_participant (room_id, user_id)
      select r, u from generate_series(${FIRST_ROOM}, ${FIRST_ROOM + SIDE_ROOMS - 1}) r, unnest(array[${viewers.join()}]) u`);
    for (const { firstRoom, reader, stranger, messages } of all)
      await run(`insert into chat_participant (room_id, user_id, read_no)
        values (${firstRoom}, ${reader}, ${messages - BEHIND}), (${firstRoom}, ${stranger}, 0)`);
    await run(`insert into message_reaction (message_id, user_id, emoji)
      select id, ${FIRST_AUTHOR} + no % ${AUTHORS}, '👍' from chat_message where room_id >= ${FIRST_ROOM} and no % ${REACTED_EVERY} = 3 and deleted_at is null`);
    await run(`insert into chat_mention (message_id, user_id, room_id, no)
      select m.id, p.user_id, m.room_id, m.no from chat_message m join chat_participant p on p.room_id = m.room_id and p.user_id in (${viewers.join()})
      where m.room_id >= ${FIRST_ROOM + SIDE_ROOMS} and m.no % ${MENTIONED_EVERY} = 7`);
    await run(`insert into feed_entry (stream, seq, kind, actor_id, subject_id, payload, at)
      select 'r' || room_id, no, 'message_sent', user_id, id,
        jsonb_build_object('content', content, 'type', type, 'attachment', null, 'mentionIds', '[]'::jsonb, 'clientKey', null, 'no', no), created_at
      from chat_message where room_id >= ${FIRST_ROOM}`);
    await run(`insert into feed_stream (id, last_seq, last_no, last_at)
      select 'r' || room_id, max(no), max(no), max(created_at) from chat_message where room_id >= ${FIRST_ROOM} group by room_id`);
  });
}

/** Rooms of the same people, with their messages, which all of them have read. */
async function rooms(run: RunLong, place: Size & { readonly firstRoom: number }): Promise<void> {
  const { messages, firstRoom } = place;
  const last = firstRoom + place.rooms - 1;
  await run(`insert into chat_room (id, name, type, project_id, created_by_id, owner_id)
    select n, 'Grown ' || n, 'group', 1, 1, 1 from generate_series(${firstRoom}, ${last}) n`);
  await run(`insert into chat_participant (room_id, user_id, read_no)
    select r, u, ${messages} from generate_series(${firstRoom}, ${last}) r,
      (select ${FIRST_WRITER} union all select generate_series(${FIRST_AUTHOR}, ${FIRST_AUTHOR + AUTHORS - 1})) p(u)`);
  for (let from = 1; from <= messages; from += BATCH) {
    const to = Math.min(from + BATCH - 1, messages);
    await run(`
      insert into chat_message (room_id, user_id, no, content, created_at, updated_at, deleted_at)
      select r, ${FIRST_AUTHOR} + n % ${AUTHORS}, n, case when is_deleted then '' else ${english} end, at, at, case when is_deleted then at end
      from (${filler}) v, generate_series(${firstRoom}, ${last}) r, generate_series(${from}, ${to}) n, lateral (
        select now() - (${messages} - n) * interval '${EVERY_S} seconds' as at, n % ${DELETED_EVERY} = ${DELETED_EVERY / 2} as is_deleted) t
      order by r, n`);
  }
}
