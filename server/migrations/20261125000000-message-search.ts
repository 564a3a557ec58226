import { Migration } from "@mikro-orm/migrations";

// The classes are of PostgreSQL's regular expressions. What is searched for is split the same way as what is stored, so
// they belong to the functions' versions.

/** Scripts that are written without spaces, and Korean, where what one looks for is glued to its endings. */
export const CJK = String.raw`\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff`;
/** Arrows, symbols, dingbats and emoji: the parser knows no word in them. */
export const SYMBOLS = String.raw`\u2190-\u2bff\U0001f000-\U0001faff`;
/** Accents, soft hyphens, and what joins or colours emoji: nobody searches for them. */
const DROPPED = String.raw`\u00ad\u0300-\u036f\u200b-\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff`;
/** Otherwise the parser makes one word of an address, a path or a version number. */
export const PUNCTUATION = "[!-/:-@[-`{-~]+";

/**
 * Search in messages: a generated column of their words, an index on it, and a trigram index for parts of words.
 *
 * The functions take their names at creation (`return`, not a string), so that a restore, which knows no search path, can
 * run them. A changed version is added beside these as `_v2`, with a column of its own.
 */
export class MessageSearch extends Migration {
  override up(): void {
    this.addSql("create extension if not exists pg_trgm");
    // Case, accents and width do not count. Text in ASCII alone takes the short way.
    this.addSql(String.raw`
      create function chat_search_fold_v1(p_text text) returns text language sql immutable parallel safe
      return case
        when octet_length(p_text) = length(p_text) then lower(p_text)
        else lower(normalize(regexp_replace(normalize(p_text, nfkd), '[${DROPPED}]', '', 'g'), nfkc))
      end
    `);
    // The parser makes one word of a run of Japanese. So a run ABC becomes "A AB BC C": any two characters are a word, each
    // single one begins one, and longer ones are phrases. A symbol becomes a word that nobody writes.
    this.addSql(String.raw`
      create function chat_search_words_v1(p_folded text) returns text language sql immutable parallel safe
      return regexp_replace(regexp_replace(regexp_replace(
        case when p_folded ~ '[${SYMBOLS}]' then (
          select string_agg(
            case when part[1] ~ '[${SYMBOLS}]' then ' xemoji' || to_hex(ascii(part[1])) || ' ' else part[1] end, '' order by place)
          from regexp_matches(p_folded, '([${SYMBOLS}]|[^${SYMBOLS}]+)', 'g') with ordinality as parts(part, place)
        ) else p_folded end,
        '${PUNCTUATION}', ' ', 'g'), '([${CJK}]+)', ' \1 ', 'g'), '([${CJK}])', '\1 \1', 'g')
    `);
    this.addSql(String.raw`
      create function chat_search_vector_v1(p_text text) returns tsvector language sql immutable parallel safe
      return to_tsvector('simple'::regconfig, case
        when octet_length(p_text) = length(p_text) then regexp_replace(p_text, '${PUNCTUATION}', ' ', 'g')
        else chat_search_words_v1(chat_search_fold_v1(p_text))
      end)
    `);
    // One term as a phrase. In the middle of a run there is no single first or last character, so those of the term go;
    // a single character stands for whatever begins with it, and an open term for all words that begin like its last one.
    this.addSql(String.raw`
      create function chat_search_query_v1(p_term text, p_is_open boolean) returns tsquery language sql immutable parallel safe
      return (
        select case
          when query::text <> '' and (folded ~ '(^|[^${CJK}])[${CJK}]$' or (p_is_open and folded !~ '[${CJK}]$'))
          then (query::text || ':*')::tsquery else query end
        from chat_search_fold_v1(p_term) as folded cross join lateral (
          select phraseto_tsquery('simple'::regconfig, regexp_replace(
            regexp_replace(chat_search_words_v1(folded), case when folded ~ '^[${CJK}]' then '^\s*\S+\s+' else '^\s+' end, ''),
            case when folded ~ '[${CJK}][${CJK}]$' then '\s+\S+\s*$' else '\s+$' end, '')) as query) parsed
      )
    `);
    this.addSql(
      `alter table "chat_message" add column "search" tsvector generated always as (chat_search_vector_v1(content)) stored`,
    );
    this.addSql(`create index chat_message_search_index on chat_message using gin (search)`);
    this.addSql(
      `create index chat_message_parts_index on chat_message using gin (chat_search_fold_v1(content) gin_trgm_ops)`,
    );
  }
}
