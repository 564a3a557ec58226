import { Migration } from "@mikro-orm/migrations";
import { CJK, PUNCTUATION, SYMBOLS } from "./20261125000000-message-search.js";

/** What `SYMBOLS` are, as numbers: the code of a character is compared faster than it is matched. */
const IS_SYMBOL = "ascii(part) between 8592 and 11263 or ascii(part) between 126976 and 129791";

/** Not of deleted messages, which no search finds: a walk would have to step over them. */
const LIVE = "deleted_at is null";
const THINGS = "chat_message_things_v1(type, content)";

/**
 * What finds the newest messages of a room, of an author in a room, and those among them that have a file, a picture or an
 * address, in order. Each can be made twice without harm, and while others write.
 */
export const searchWalks: readonly string[] = [
  // 1 an address, 2 a file, 4 a picture (which is a file), added up.
  String.raw`
    create or replace function chat_message_things_v1(p_type text, p_content text) returns int language sql immutable parallel safe
    return (chat_search_fold_v1(p_content) ~ 'https?://[^[:space:]]')::int + case p_type when 'file' then 2 when 'image' then 6 else 0 end
  `,
  // The same words as before, without a regular expression for each symbol: ten thousand of them took a second in WebAssembly.
  String.raw`
    create or replace function chat_search_words_v1(p_folded text) returns text language sql immutable parallel safe
    return regexp_replace(regexp_replace(regexp_replace(
      case when p_folded ~ '[${SYMBOLS}]' then (
        select string_agg(case when ${IS_SYMBOL} then ' xemoji' || to_hex(ascii(part)) || ' ' else part end, '' order by place)
        from string_to_table(p_folded, null) with ordinality as parts(part, place)
      ) else p_folded end,
      '${PUNCTUATION}', ' ', 'g'), '([${CJK}]+)', ' \1 ', 'g'), '([${CJK}])', '\1 \1', 'g')
  `,
  `create index if not exists chat_message_room_walk_index on chat_message (room_id, id) where ${LIVE}`,
  `create index if not exists chat_message_author_walk_index on chat_message (user_id, room_id, id) where ${LIVE}`,
  `create index if not exists chat_message_things_walk_index on chat_message (room_id, ${THINGS}, id) where ${LIVE} and ${THINGS} > 0`,
  `create index if not exists chat_message_author_things_walk_index on chat_message (user_id, room_id, ${THINGS}, id) where ${LIVE} and ${THINGS} > 0`,
];

/** Searches by filters alone walk down an index until they have a page. */
export class SearchWalks extends Migration {
  override up(): void {
    for (const statement of searchWalks) this.addSql(statement);
  }
}
