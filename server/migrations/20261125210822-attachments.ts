import { Migration } from "@mikro-orm/migrations";

/** The files of messages, what nodes have in common about them, and the generation that their addresses are signed for. */
export class Attachments extends Migration {
  override up(): void {
    this.addSql(
      `create table "chat_media" ("id" int not null, "secret" varchar(64) not null, "swept_at" timestamptz(6) null, primary key ("id"))`,
    );
    this.addSql(`comment on table "chat_media" is 'One row: what all nodes have in common about files.'`);

    this.addSql(
      `create table "chat_attachment" ("id" serial primary key, "room_id" int not null, "key" varchar(255) not null, "name" varchar(255) not null, "size" int not null, "content_type" varchar(127) not null, "width" int null, "height" int null, "thumbnail_size" int null, "created_at" timestamptz(6) not null default now())`,
    );
    this.addSql(
      `comment on table "chat_attachment" is 'The files of messages: what is in the storage and not here belongs to nobody, and is swept.'`,
    );
    this.addSql(`create index "chat_attachment_room_id_index" on "chat_attachment" ("room_id")`);
    this.addSql(`alter table "chat_attachment" add constraint "chat_attachment_key_unique" unique ("key")`);

    this.addSql(`alter table "chat_room" add "media_generation" int not null default 1`);

    this.addSql(`alter table "chat_message" add "attachment_id" int null`);
    this.addSql(
      `alter table "chat_message" add constraint "chat_message_attachment_id_foreign" foreign key ("attachment_id") references "chat_attachment" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "chat_message" add constraint "chat_message_attachment_id_unique" unique ("attachment_id")`,
    );

    this.addSql(
      `alter table "chat_attachment" add constraint "chat_attachment_room_id_foreign" foreign key ("room_id") references "chat_room" ("id") on delete cascade`,
    );
  }
}
