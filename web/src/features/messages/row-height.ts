import { pictureBox } from "../attachments/picture-box.js";
import type { FeedMessage } from "./message-edge.graphql.js";
import type { TimelineRow } from "./timeline.js";

/** A line of text, the author's name above it, and what is around both. */
const LINE_PX = 21;
const HEAD_PX = 32;
const AROUND_PX = 4;
/** A document's card, and what is around any file. */
const CARD_PX = 52;
const AROUND_FILE_PX = 6;
/** What a row has beside its text. */
const BESIDE_PX = 84;

interface FileSize {
  readonly width: number | null;
  readonly height: number | null;
}

function fileHeight(file: FileSize | null, widthPx: number): number {
  if (!file) return 0;
  const { width, height } = file;
  if (width === null || height === null) return AROUND_FILE_PX + CARD_PX;
  return AROUND_FILE_PX + pictureBox(width, height, widthPx - BESIDE_PX).height;
}

/**
 * How high a row will be, before it is there to be measured. What matters is that pictures are not taken for lines: who
 * is at the end of the feed has to be there still when they have been measured.
 */
export function estimateHeight(row: TimelineRow<FeedMessage> | undefined, widthPx: number): number {
  if (!row) return AROUND_PX + LINE_PX;
  const head = row.startsGroup ? HEAD_PX : 0;
  const file = row.kind === "pending" ? row.entry.file : row.message.attachment;
  // The same before and after it is stored: a row whose measure has been what was estimated is not measured again.
  return AROUND_PX + head + LINE_PX + fileHeight(file, widthPx);
}
