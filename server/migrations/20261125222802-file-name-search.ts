import { Migration } from "@mikro-orm/migrations";

/** Search by the names of files: their words, an index on them, and a trigram index for parts of words, as messages have. */
export class FileNameSearch extends Migration {
  override up(): void {
    this.addSql(
      `alter table "chat_attachment" add column "search" tsvector generated always as (chat_search_vector_v1(name)) stored`,
    );
    this.addSql(`create index chat_attachment_search_index on chat_attachment using gin (search)`);
    this.addSql(
      `create index chat_attachment_parts_index on chat_attachment using gin (chat_search_fold_v1(name) gin_trgm_ops)`,
    );
  }
}
