import { sql, type RawBuilder } from "../../platform/sql.js";
import { isPart, isWord, type Closeness, type SearchTerm } from "./search.js";

type Sql = RawBuilder<unknown>;

/** Where messages `m` are looked for, and what they must match there. */
export interface Candidates {
  readonly source: Sql;
  readonly matching: readonly Sql[];
}

/**
 * Where all messages are found that match this closely, and no closer: by their text alone, and by the name of their file
 * with or without the text. They are looked for apart, because no index answers for two tables at once; some are in both.
 */
export function candidates(terms: readonly SearchTerm[], closeness: Closeness): readonly Candidates[] {
  if (terms.length === 0) return [{ source: sql`chat_message m`, matching: [] }];
  const closer = CLOSER[closeness];
  return [
    {
      source: sql`chat_message m`,
      matching: [
        inText(terms, closeness),
        // Asked in this form, it is looked up for the few that have a file; joined, all files were read for it.
        ...(closer === undefined
          ? []
          : [
              sql`not ${inText(terms, closer)} and (m.attachment_id is null or not exists (
                select from chat_attachment a where a.id = m.attachment_id and ${inEither(terms, closer)}))`,
            ]),
      ],
    },
    {
      source: sql`chat_attachment a join chat_message m on m.attachment_id = a.id`,
      matching: [
        sql`(${sql.join(
          terms.map((term) => inPlace(fileName, term, closeness)),
          sql` or `,
        )})`,
        inEither(terms, closeness),
        ...(closer === undefined ? [] : [sql`not ${inEither(terms, closer)}`]),
      ],
    },
  ];
}

/** Bound, folded by the database as the content was: its idea of lower case need not be ours. */
export const folded = (value: string): RawBuilder<string> => sql`chat_search_fold_v1(${value})`;

const CLOSER: Readonly<Record<Closeness, Exclude<Closeness, "parts"> | undefined>> = {
  words: undefined,
  beginnings: "words",
  parts: "beginnings",
};

/** What a term is looked for in: its words, and its text for parts of words. */
interface Place {
  readonly words: Sql;
  readonly text: Sql;
}

const text: Place = { words: sql`m.search`, text: sql`chat_search_fold_v1(m.content)` };
const fileName: Place = { words: sql`a.search`, text: sql`chat_search_fold_v1(a.name)` };

const tsquery = ({ text: words, isQuoted }: SearchTerm, closeness: Closeness): Sql =>
  sql`chat_search_query_v1(${words}, ${closeness !== "words" && !isQuoted})`;

function inPlace(place: Place, term: SearchTerm, closeness: Closeness): Sql {
  const asWords = sql`${place.words} @@ ${tsquery(term, closeness)}`;
  if (closeness !== "parts" || !isPart(term)) return asWords;
  const pattern = `%${term.text.normalize("NFKC").replace(/[\\%_]/g, "\\$&")}%`;
  const inside = sql`${place.text} like ${folded(pattern)}`;
  return isWord(term) ? inside : sql`(${asWords} or ${inside})`;
}

/** All terms in the text: as words by one look into the index. */
function inText(terms: readonly SearchTerm[], closeness: Closeness): Sql {
  if (closeness === "parts")
    return sql.join(
      terms.map((term) => inPlace(text, term, closeness)),
      sql` and `,
    );
  return sql`m.search @@ (${sql.join(
    terms.map((term) => tsquery(term, closeness)),
    sql` && `,
  )})`;
}

/** Each term in the text or in the name of the file. */
function inEither(terms: readonly SearchTerm[], closeness: Closeness): Sql {
  const either = terms.map((term) => sql`(${inPlace(text, term, closeness)} or ${inPlace(fileName, term, closeness)})`);
  return sql`(${sql.join(either, sql` and `)})`;
}
