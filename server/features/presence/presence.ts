import { parseId, type UserId } from "../../platform/ids.js";

/** Whether somebody has a connection open; unknown when the nodes can't tell each other. */
export type Presence = "online" | "offline" | "unknown";

/** Somebody is gone this long after their last connection closed: a reload is no departure. */
export const DEPARTURE_GRACE_MS = 5_000;

const KEY_PREFIX = "presence:";

/** The key that a person's connections hold. */
export function presenceKey(userId: UserId): string {
  return `${KEY_PREFIX}${userId}`;
}

/** The people whose keys are among these. */
export function userIdsOfKeys(keys: readonly string[]): readonly UserId[] {
  return keys.flatMap((key) =>
    key.startsWith(KEY_PREFIX) ? (parseId<UserId>(key.slice(KEY_PREFIX.length)) ?? []) : [],
  );
}
