import { Migration } from "@mikro-orm/migrations";

/** Finds the rooms that somebody made or owns: without these each deletion of a person looks through all rooms. */
export class RoomPeople extends Migration {
  override up(): void {
    this.addSql(`create index "chat_room_created_by_id_index" on "chat_room" ("created_by_id")`);
    this.addSql(`create index "chat_room_owner_id_index" on "chat_room" ("owner_id")`);
  }
}
