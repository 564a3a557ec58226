import { Migration } from "@mikro-orm/migrations";

/** By what a file is known again when it comes in by an import once more. */
export class AttachmentDigests extends Migration {
  override up(): void {
    this.addSql(`alter table "chat_attachment" add "sha256" varchar(64) null`);
  }
}
