import type { UserId } from "../../platform/ids.js";
import type { Leases } from "../../platform/leases/leases.js";
import { presenceKey, type Presence } from "./presence.js";

/** Who of these people is connected just now, in the same order. */
export async function presenceOf(leases: Leases, userIds: readonly UserId[]): Promise<readonly Presence[]> {
  const held = await leases.held(userIds.map(presenceKey));
  return held.map((isHeld) => (isHeld === undefined ? "unknown" : isHeld ? "online" : "offline"));
}
