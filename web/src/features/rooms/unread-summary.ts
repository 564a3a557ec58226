/** What the tab says of all rooms together. */
export interface UnreadSummary {
  /** Messages that want an answer: mentions, and all of direct rooms. */
  readonly personal: number;
  readonly hasOther: boolean;
}

interface CountedRoom {
  readonly type: "DIRECT" | "GROUP";
  readonly unreadCount: number;
  readonly unreadMentionCount: number;
}

/** Adds up what is unread. */
export function summariseUnread(rooms: readonly CountedRoom[]): UnreadSummary {
  const personal = rooms.reduce(
    (sum, room) => sum + (room.type === "DIRECT" ? room.unreadCount : room.unreadMentionCount),
    0,
  );
  return { personal, hasOther: rooms.some((room) => room.unreadCount > 0) };
}
