import { Migration } from "@mikro-orm/migrations";

/** Every table of the first version, as generated from the entities. */
export class Initial extends Migration {
  override up(): void {
    this.addSql(
      `create table "feed_entry" ("stream" varchar(16) not null, "seq" int not null, "kind" varchar(32) not null, "actor_id" int null, "subject_id" int null, "payload" jsonb not null, "at" timestamptz(6) not null, primary key ("stream", "seq"))`,
    );
    this.addSql(`comment on table "feed_entry" is 'The log: what happened in a stream, in order, without holes.'`);
    this.addSql(`create index "feed_entry_at_index" on "feed_entry" ("at")`);
    this.addSql(`create index "feed_entry_subject_index" on "feed_entry" ("stream", "subject_id")`);
    this.addSql(
      `create table "feed_origin" ("id" int not null, "fingerprint" text not null, "epoch" varchar(32) not null, primary key ("id"))`,
    );
    this.addSql(
      `comment on table "feed_origin" is 'Which database issued the cursors: another one under the same data (a restored backup) gets a new epoch.'`,
    );
    this.addSql(
      `create table "chat_project" ("id" serial primary key, "host_id" varchar(255) not null, "name" varchar(255) not null, "created_at" timestamptz(6) not null default now())`,
    );
    this.addSql(`alter table "chat_project" add constraint "chat_project_host_id_unique" unique ("host_id")`);
    this.addSql(
      `create table "feed_stream" ("id" varchar(16) not null, "epoch" int not null default 1, "last_seq" int not null default 0, "last_no" int not null default 0, "last_at" timestamptz(6) not null default now(), primary key ("id"))`,
    );
    this.addSql(
      `comment on table "feed_stream" is 'One ordered stream of events: a room''s (r1) or a person''s own (u1). Its row is the lock that orders them.'`,
    );
    this.addSql(
      `create table "chat_user" ("id" serial primary key, "host_id" varchar(255) not null, "username" varchar(255) not null, "display_name" varchar(255) not null, "profile_at" timestamptz(6) null, "deleted_at" timestamptz(6) null, "created_at" timestamptz(6) not null default now())`,
    );
    this.addSql(`alter table "chat_user" add constraint "chat_user_host_id_unique" unique ("host_id")`);
    this.addSql(`create index "chat_user_username_index" on "chat_user" ("username")`);
    this.addSql(
      `create table "chat_room" ("id" serial primary key, "name" varchar(255) not null default '', "type" text not null, "project_id" int not null, "created_by_id" int null, "owner_id" int null, "direct_pair" varchar(32) null, "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now())`,
    );
    this.addSql(`create index "chat_room_project_id_index" on "chat_room" ("project_id")`);
    this.addSql(
      `alter table "chat_room" add constraint "chat_room_direct_pair_unique" unique ("project_id", "direct_pair")`,
    );
    this.addSql(`alter table "chat_room" add constraint "chat_room_type_check" check ("type" in ('direct', 'group'))`);
    this.addSql(
      `create table "chat_participant" ("id" serial primary key, "room_id" int not null, "user_id" int not null, "joined_at" timestamptz(6) not null default now(), "last_read_at" timestamptz(6) null, "read_no" int not null default 0)`,
    );
    this.addSql(`create index "chat_participant_user_id_index" on "chat_participant" ("user_id")`);
    this.addSql(
      `alter table "chat_participant" add constraint "chat_participant_room_user_unique" unique ("room_id", "user_id")`,
    );
    this.addSql(
      `create table "chat_message" ("id" serial primary key, "room_id" int not null, "user_id" int not null, "no" int not null, "content" text not null default '', "type" text not null default 'text', "edited_at" timestamptz(6) null, "deleted_at" timestamptz(6) null, "client_key" uuid null, "client_digest" varchar(64) null, "created_at" timestamptz(6) not null, "updated_at" timestamptz(6) not null)`,
    );
    this.addSql(`create index "chat_message_room_created_at_index" on "chat_message" ("room_id", "created_at")`);
    this.addSql(`create index "chat_message_user_created_at_index" on "chat_message" ("user_id", "created_at")`);
    this.addSql(`create index chat_message_deleted_index on chat_message (room_id, no) where deleted_at is not null`);
    this.addSql(`alter table "chat_message" add constraint "chat_message_room_no_unique" unique ("room_id", "no")`);
    this.addSql(
      `alter table "chat_message" add constraint "chat_message_user_client_key_unique" unique ("user_id", "client_key")`,
    );
    this.addSql(
      `alter table "chat_message" add constraint "chat_message_type_check" check ("type" in ('text', 'image', 'file'))`,
    );
    this.addSql(
      `create table "message_reaction" ("id" serial primary key, "message_id" int not null, "user_id" int not null, "emoji" varchar(32) not null, "created_at" timestamptz(6) not null default now())`,
    );
    this.addSql(`create index "message_reaction_user_id_index" on "message_reaction" ("user_id")`);
    this.addSql(
      `alter table "message_reaction" add constraint "message_reaction_unique" unique ("message_id", "user_id", "emoji")`,
    );
    this.addSql(
      `create table "chat_mention" ("message_id" int not null, "user_id" int not null, "room_id" int not null, "no" int not null, primary key ("message_id", "user_id"))`,
    );
    this.addSql(`create index "chat_mention_unread_index" on "chat_mention" ("user_id", "room_id", "no")`);
    this.addSql(
      `create table "chat_membership" ("project_id" int not null, "user_id" int not null, primary key ("project_id", "user_id"))`,
    );
    this.addSql(`create index "chat_membership_user_id_index" on "chat_membership" ("user_id")`);
    this.addSql(
      `alter table "chat_room" add constraint "chat_room_project_id_foreign" foreign key ("project_id") references "chat_project" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "chat_room" add constraint "chat_room_created_by_id_foreign" foreign key ("created_by_id") references "chat_user" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "chat_room" add constraint "chat_room_owner_id_foreign" foreign key ("owner_id") references "chat_user" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "chat_participant" add constraint "chat_participant_room_id_foreign" foreign key ("room_id") references "chat_room" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "chat_participant" add constraint "chat_participant_user_id_foreign" foreign key ("user_id") references "chat_user" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "chat_message" add constraint "chat_message_room_id_foreign" foreign key ("room_id") references "chat_room" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "chat_message" add constraint "chat_message_user_id_foreign" foreign key ("user_id") references "chat_user" ("id")`,
    );
    this.addSql(
      `alter table "message_reaction" add constraint "message_reaction_message_id_foreign" foreign key ("message_id") references "chat_message" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "message_reaction" add constraint "message_reaction_user_id_foreign" foreign key ("user_id") references "chat_user" ("id")`,
    );
    this.addSql(
      `alter table "chat_mention" add constraint "chat_mention_message_id_foreign" foreign key ("message_id") references "chat_message" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "chat_mention" add constraint "chat_mention_user_id_foreign" foreign key ("user_id") references "chat_user" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "chat_membership" add constraint "chat_membership_project_id_foreign" foreign key ("project_id") references "chat_project" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "chat_membership" add constraint "chat_membership_user_id_foreign" foreign key ("user_id") references "chat_user" ("id") on update cascade on delete cascade`,
    );
  }
}
