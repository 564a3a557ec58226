import type { ListedMigration } from "../platform/orm.js";
import { Initial } from "./20261123000000-initial.js";
import { FeedAppend } from "./20261123000100-feed-append.js";
import { MessageSearch } from "./20261125000000-message-search.js";
import { Attachments } from "./20261125210822-attachments.js";
import { FileNameSearch } from "./20261125222802-file-name-search.js";
import { RoomPeople } from "./20261125224600-room-people.js";
import { AttachmentDigests } from "./20261125230000-attachment-digests.js";
import { SearchWalks, searchWalks } from "./20261126001000-search-walks.js";
import { IdsInOrder } from "./20261126015421-ids-in-order.js";
import { AuditTrail } from "./20261126132838-audit-trail.js";
import { TokenRevocations } from "./20261126130229-token-revocations.js";

/** Every migration, oldest first. A new one is appended; an old one is never edited. */
export const migrations: readonly ListedMigration[] = [
  { name: "20261123000000-initial", class: Initial },
  { name: "20261123000100-feed-append", class: FeedAppend },
  { name: "20261125000000-message-search", class: MessageSearch },
  { name: "20261125210822-attachments", class: Attachments },
  { name: "20261125222802-file-name-search", class: FileNameSearch },
  { name: "20261125224600-room-people", class: RoomPeople },
  { name: "20261125230000-attachment-digests", class: AttachmentDigests },
  { name: "20261126001000-search-walks", class: SearchWalks, ahead: searchWalks },
  { name: "20261126015421-ids-in-order", class: IdsInOrder },
  { name: "20261126130229-token-revocations", class: TokenRevocations },
  { name: "20261126132838-audit-trail", class: AuditTrail },
];
