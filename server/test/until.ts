import { eventually } from "../chaos/until.js";

/**
 * Only how long a broken test waits before it says so; a working one never gets there, also when it waits for a whole
 * server on a busy machine.
 */
const GIVE_UP_MS = 40_000;

/** Waits until the condition has a value. */
export function until<Value>(
  condition: () => Value | undefined | false | Promise<Value | undefined | false>,
  what = "the condition",
): Promise<Value> {
  return eventually(condition, what, GIVE_UP_MS);
}
