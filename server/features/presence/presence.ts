import type { UserId } from "../../platform/ids.js";

/** Whether somebody has a connection open; unknown when the nodes can't tell each other. */
export type Presence = "online" | "offline" | "unknown";

/** The key that a person's connections hold. */
export function presenceKey(userId: UserId): string {
  return `presence:${userId}`;
}
