import { indexingLate, type RunLong } from "./late-indexes.js";
import * as plan from "./plan.js";

const { first, count: rooms } = plan.searchedRooms;
const BATCH = 50_000;
const FILLER_WORDS = 4_000;

/**
 * A million messages or so, in rooms that one person is in: a dozen words each, of which few are in many messages and most
 * in few; every fifth is Japanese. On top of that the words of `plan.searched`, each in precisely its share of them.
 */
export async function seedSearch(run: RunLong, messages: number): Promise<void> {
  await run(`insert into chat_room (id, name, type, project_id, created_by_id, owner_id)
    select n, 'Searched ' || n, 'group', 1, 1, 1 from generate_series(${first}, ${first + rooms - 1}) n`);
  await run(`insert into chat_participant (room_id, user_id)
    select r, u from generate_series(${first}, ${first + rooms - 1}) r, unnest(array[${plan.SEARCHER}, 1, 2]) u`);
  await indexingLate(run, async () => {
    for (let from = 1; from <= messages; from += BATCH) await run(insert(from, Math.min(from + BATCH - 1, messages)));
    await run(files);
    await run(`insert into feed_stream (id, last_seq, last_no)
      select 'r' || room_id, max(no), max(no) from chat_message where room_id >= ${first} group by room_id`);
  });
}

/** Every so many messages has a file, of which some have names that are asked for, and every third is a picture. */
const files = `
  with message as (
    select id, room_id, row_number() over (order by id) as n from chat_message where room_id >= ${first} and no % ${plan.FILE_EVERY} = 0),
  file as (
    insert into chat_attachment (room_id, key, name, size, content_type)
    select room_id, 'bench/' || id,
      case when n % ${plan.fileWords.every} = 0 then '${plan.fileWords.words.join("-")}-' else 'report-' end || id || case when n % 3 = 0 then '.png' else '.pdf' end,
      1000, case when n % 3 = 0 then 'image/png' else 'application/pdf' end
    from message returning id, key, content_type)
  update chat_message m set attachment_id = file.id, type = case file.content_type when 'image/png' then 'image' else 'file' end
  from file where file.key = 'bench/' || m.id`;

function insert(from: number, to: number): string {
  return `
    insert into chat_message (room_id, user_id, no, content, created_at, updated_at)
    select ${first} + n % ${rooms}, 1 + n % 2, 1 + n / ${rooms}, content, at, at
    from (${filler}) v, generate_series(${from}, ${to}) n, lateral (
      select timestamptz '2025-01-01' + n * interval '20 seconds' as at, case when n % 5 = 2 then ${japanese} else ${english} end
        ${plan.searched.map(({ words, every }) => words.map((word, index) => ` || case when n % ${every} = ${2 + index * 5} then ' ${word}' else '' end`).join("")).join("")}
        || case when n % ${plan.LINK_EVERY} = 7 then ' https://example.org/' || n else '' end as content
    ) t`;
}

/** A number from 0 to 1 that is small more often than large, and always the same for the same message and place. */
const skewed = (place: number): string => `power(abs(hashint4(n * 16 + ${place})::bigint) / 2147483648.0, 3)`;

/** All words that messages have, as one array. */
export const filler = `select array_agg(substr(md5(i::text), 1, 4 + i % 5) order by i) as filler from generate_series(1, ${FILLER_WORDS}) i`;

/** A dozen words out of `filler`, which is an array of {@link FILLER_WORDS}, for the message `n`. */
export const english = Array.from(
  { length: 12 },
  (_, place) => `filler[1 + floor(${skewed(place)} * ${FILLER_WORDS - 1})]`,
).join(" || ' ' || ");

const japanese = Array.from({ length: 24 }, (_, place) => `chr(19968 + floor(${skewed(place)} * 3000)::int)`).join(
  " || ",
);
