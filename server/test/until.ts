import { setTimeout as pause } from "node:timers/promises";

const POLL_MS = 5;
/** Only how long a broken test waits before it says so; a working one never gets there. */
const GIVE_UP_MS = 20_000;

/** Waits until the condition has a value. */
export async function until<Value>(
  condition: () => Value | undefined | false | Promise<Value | undefined | false>,
  what = "the condition",
): Promise<Value> {
  const giveUpAt = Date.now() + GIVE_UP_MS;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > giveUpAt) throw new Error(`Waited in vain for ${what}.`);
    await pause(POLL_MS);
  }
}
