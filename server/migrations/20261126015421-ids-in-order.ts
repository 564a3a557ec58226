import { Migration } from "@mikro-orm/migrations";

/**
 * In which rooms ids do not rise with time: an import keeps those from elsewhere, and there two messages at once may
 * have come in either order. All messages are looked at before the rooms are locked for the new column.
 */
export class IdsInOrder extends Migration {
  override up(): void {
    this.addSql(`
      create temporary table falling as select distinct room_id from (
        select room_id, id < lag(id) over (partition by room_id order by no) as falls from chat_message) step where falls
    `);
    this.addSql(`alter table "chat_room" add "ids_rise" boolean not null default true`);
    this.addSql(`update chat_room set ids_rise = false where id in (select room_id from falling)`);
    this.addSql(`drop table falling`);
  }
}
