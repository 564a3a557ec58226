interface OrderedRoom {
  readonly id: string;
  readonly updatedAt: string;
}

/** As the sidebar lists them: the latest activity first. */
export function byActivity<Room extends OrderedRoom>(rooms: readonly Room[]): Room[] {
  return rooms.toSorted((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt));
}

/** Whose turn it is above (-1) or below (1) the open one; after the last comes the first. Null when there is none. */
export function neighbourOf<Room extends { readonly id: string }>(
  rooms: readonly Room[],
  openId: string | null,
  step: 1 | -1,
  fits: (room: Room) => boolean = () => true,
): Room | null {
  const at = rooms.findIndex((room) => room.id === openId);
  const start = at < 0 && step < 0 ? 0 : at;
  for (let distance = 1; distance <= rooms.length; distance++) {
    const room = rooms[(start + step * distance + rooms.length * 2) % rooms.length];
    if (room && room.id !== openId && fits(room)) return room;
  }
  return null;
}
