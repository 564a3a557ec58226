import { setTimeout as pause } from "node:timers/promises";

const ASK_EVERY_MS = 10;

/** Asks until there is an answer other than undefined and false. Throws when there is none in that time. */
export async function eventually<Value>(
  ask: () => Value | undefined | false | Promise<Value | undefined | false>,
  what: string,
  withinMs: number,
): Promise<Value> {
  const giveUpAtMs = performance.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > giveUpAtMs) throw new Error(`Waited ${withinMs / 1_000} s in vain for ${what}.`);
    await pause(ASK_EVERY_MS);
  }
}
