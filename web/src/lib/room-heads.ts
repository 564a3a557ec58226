import { isRecord } from "./records.js";

/** Where a room's stream stood when an answer was made. */
export interface RoomHeadSeen {
  readonly roomId: string;
  readonly cursor: string;
  readonly seq: number;
}

/** Every room in an answer that came with its head, wherever it is nested. */
export function findRoomHeads(data: unknown): RoomHeadSeen[] {
  const found: RoomHeadSeen[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    if (!isRecord(value)) return;
    const { id, headCursor, headSeq } = value;
    if (typeof id === "string" && typeof headCursor === "string" && typeof headSeq === "number") {
      found.push({ roomId: id, cursor: headCursor, seq: headSeq });
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(data);
  return found;
}
