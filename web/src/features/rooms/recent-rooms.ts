const KEPT = 30;

function keyOf(userId: string): string {
  return `parley.recent.${userId}`;
}

function parseIds(text: string | null): readonly string[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** The rooms that a person opened last in this browser, the latest first. */
export function readRecentRooms(userId: string): readonly string[] {
  return parseIds(window.localStorage.getItem(keyOf(userId)));
}

/** A room was opened. */
export function noteRecentRoom(userId: string, roomId: string): void {
  const others = readRecentRooms(userId).filter((id) => id !== roomId);
  try {
    window.localStorage.setItem(keyOf(userId), JSON.stringify([roomId, ...others].slice(0, KEPT)));
  } catch {
    // A full storage costs the order of a list, nothing else.
  }
}
