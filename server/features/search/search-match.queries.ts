import type { UserId } from "../../platform/ids.js";
import { sql, type RawBuilder } from "../../platform/sql.js";
import type { RoomId } from "../rooms/room.js";
import { isPart, isWord, type Closeness, type SearchQuery, type SearchTerm } from "./search.js";

type Sql = RawBuilder<unknown>;

/** A term as the database looks for it. */
export interface Needle {
  /** A `tsquery` each. */
  readonly words: string;
  readonly beginnings: string;
  /** A pattern for `like`; null when parts of words are not meant. */
  readonly inside: string | null;
  /** Whether what has it inside has all words that begin like it, too. */
  readonly isWord: boolean;
}

/** What to look through, in numbers, and what for: the planner then knows how much that is. */
export interface Haystack {
  /** Those of the viewer's rooms that are asked for. */
  readonly roomIds: readonly RoomId[];
  /** Those who are asked for; undefined: anybody. */
  readonly authorIds: readonly UserId[] | undefined;
  /** All the terms that are asked for. */
  readonly needles: readonly Needle[];
}

/** Bound, folded by the database as the content was: its idea of lower case need not be ours. */
export const folded = (value: string): RawBuilder<string> => sql`chat_search_fold_v1(${value})`;

/** The needles of these terms, as JSON. Made once: the planner runs the functions at every place where a statement has them. */
export function needles(terms: readonly SearchTerm[]): Sql {
  const made = terms.map((term) => {
    const { text, isQuoted } = term;
    const inside = isPart(term) ? folded(`%${text.normalize("NFKC").replace(/[\\%_]/g, "\\$&")}%`) : sql`null`;
    return sql`json_build_object('words', chat_search_query_v1(${text}, false)::text,
      'beginnings', chat_search_query_v1(${text}, ${!isQuoted})::text, 'inside', ${inside}, 'isWord', ${isWord(term)}::boolean)`;
  });
  return sql`json_build_array(${sql.join(made)})`;
}

/** Where messages `m` are looked for, and what they must match there. */
export interface Candidates {
  readonly source: Sql;
  readonly matching: readonly Sql[];
}

/**
 * Where all messages are found that match this closely, and no closer: by their text alone, and by the name of their file
 * with or without the text. They are looked for apart, as no index knows both; some are in both.
 */
export function candidates(all: readonly Needle[], closeness: Closeness): readonly Candidates[] {
  const closer = CLOSER[closeness];
  return [byText(all, closeness, closer), byName(all, closeness, closer)];
}

/** What a message `m` with its file `a`, if it has one, must match when each is looked at: this closely, and no closer. */
export function matching(all: readonly Needle[], closeness: Closeness): readonly Sql[] {
  const closer = CLOSER[closeness];
  return [
    sql`(${inText(all, closeness)} or a.id is not null and ${inEither(all, closeness)})`,
    ...(closer === undefined ? [] : notCloser(all, closer)),
  ];
}

const notCloser = (all: readonly Needle[], closer: Closeness): readonly Sql[] => [
  sql`not ${inText(all, closer)}`,
  sql`(a.id is null or not ${inEither(all, closer)})`,
];

const CLOSER = { words: undefined, beginnings: "words", parts: "beginnings" } as const;

function byText(all: readonly Needle[], closeness: Closeness, closer: Closeness | undefined): Candidates {
  if (closer === undefined) return { source: sql`chat_message m`, matching: [inText(all, closeness)] };
  return {
    source: sql`chat_message m left join chat_attachment a on a.id = m.attachment_id`,
    matching: [inText(all, closeness), ...notCloser(all, closer)],
  };
}

function byName(all: readonly Needle[], closeness: Closeness, closer: Closeness | undefined): Candidates {
  const inName = all.map((needle) => inPlace(fileName, needle, closeness));
  return {
    source: sql`chat_attachment a join chat_message m on m.attachment_id = a.id`,
    matching: [
      sql`(${sql.join(inName, sql` or `)})`,
      inEither(all, closeness),
      ...(closer === undefined ? [] : [sql`not ${inEither(all, closer)}`]),
    ],
  };
}

/** What is looked through: its words, and the whole of it for parts of words. */
interface Place {
  readonly words: Sql;
  readonly whole: Sql;
}

const text: Place = { words: sql`m.search`, whole: sql`chat_search_fold_v1(m.content)` };
const fileName: Place = { words: sql`a.search`, whole: sql`chat_search_fold_v1(a.name)` };

function inPlace(place: Place, needle: Needle, closeness: Closeness): Sql {
  if (closeness !== "parts") return sql`${place.words} @@ ${needle[closeness]}::tsquery`;
  const beginnings = inPlace(place, needle, "beginnings");
  if (needle.inside === null) return beginnings;
  const inside = sql`${place.whole} like ${needle.inside}`;
  return needle.isWord ? inside : sql`(${beginnings} or ${inside})`;
}

/** All of them in the text of a message `m`: as words by one look into the index. */
export function inText(all: readonly Needle[], closeness: Closeness): Sql {
  if (closeness === "parts") {
    const conditions = all.map((needle) => inPlace(text, needle, closeness));
    return sql`(${sql.join(conditions, sql` and `)})`;
  }
  const queries = all.map((needle) => sql`${needle[closeness]}::tsquery`);
  return sql`m.search @@ (${sql.join(queries, sql` && `)})`;
}

/** Each of them in the text or in the name of the file. */
function inEither(all: readonly Needle[], closeness: Closeness): Sql {
  const conditions = all.map((needle) => {
    return sql`(${inPlace(text, needle, closeness)} or ${inPlace(fileName, needle, closeness)})`;
  });
  return sql`(${sql.join(conditions, sql` and `)})`;
}

/** That a time is in what was asked for. */
export function sentWithin(at: Sql, { afterMs, beforeMs }: Partial<Pick<SearchQuery, "afterMs" | "beforeMs">>): Sql {
  const moment = (ms: number): Sql => sql`'epoch'::timestamptz + ${ms}::bigint * interval '1 millisecond'`;
  const conditions = [
    ...(afterMs === undefined ? [] : [sql`${at} >= ${moment(afterMs)}`]),
    ...(beforeMs === undefined ? [] : [sql`${at} < ${moment(beforeMs)}`]),
  ];
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}
