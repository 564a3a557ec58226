import { Migration } from "@mikro-orm/migrations";

export class TokenRevocations extends Migration {
  override up(): void {
    this.addSql(
      `create table "chat_revocation" ("id" serial primary key, "token_id" varchar(255) null, "host_id" varchar(255) null, "issued_before" timestamptz(6) null, "until" timestamptz(6) not null, "changed_at" timestamptz(6) not null);`,
    );
    this.addSql(
      `comment on table "chat_revocation" is 'Tokens that count no more before their time: one by its jti, or all of a person''s issued before a moment.';`,
    );
    this.addSql(`alter table "chat_revocation" add constraint "chat_revocation_token_id_unique" unique ("token_id");`);
    this.addSql(`alter table "chat_revocation" add constraint "chat_revocation_host_id_unique" unique ("host_id");`);
    this.addSql(`create index "chat_revocation_until_index" on "chat_revocation" ("until");`);
    this.addSql(`create index "chat_revocation_changed_at_index" on "chat_revocation" ("changed_at");`);
  }
}
