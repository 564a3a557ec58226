import { Migration } from "@mikro-orm/migrations";

export class AuditTrail extends Migration {
  override up(): void {
    this.addSql(
      `create table "chat_audit" ("id" bigserial primary key, "at" timestamptz(6) not null default clock_timestamp(), "action" varchar(32) not null, "actor_id" int null, "is_host" boolean not null, "transport" varchar(16) not null, "address" varchar(64) not null, "request_id" varchar(64) not null, "room_id" int null, "message_id" int null, "user_id" int null, "details" jsonb not null);`,
    );
    this.addSql(
      `comment on table "chat_audit" is 'Who did what, append-only: nothing in the program changes or deletes a row.';`,
    );
    this.addSql(`create index "chat_audit_at_index" on "chat_audit" ("at");`);
    this.addSql(`create index "chat_audit_actor_id_index" on "chat_audit" ("actor_id");`);
    this.addSql(`create index "chat_audit_room_id_index" on "chat_audit" ("room_id");`);
    this.addSql(`create index "chat_audit_user_id_index" on "chat_audit" ("user_id");`);
  }
}
