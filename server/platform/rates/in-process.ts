import type { Clock } from "../time.js";
import { paceOf, toMicroseconds, toWaitMs, type Rates } from "./rates.js";

/** So many counts are remembered, some megabytes: of more, those that have not been touched for longest begin anew. */
const MAX_REMEMBERED = 50_000;

/**
 * For a single node: the generic cell rate algorithm, which keeps one time for each count, the one at which all that was
 * taken will have been earned.
 */
export function createInProcessRates(clock: Clock, maxRemembered = MAX_REMEMBERED): Rates {
  const earnedAtUs = new Map<string, number>();

  function remember(key: string, atUs: number): void {
    // At the end: the map's first is the one that was touched longest ago.
    earnedAtUs.delete(key);
    earnedAtUs.set(key, atUs);
    const [oldest] = earnedAtUs.keys();
    if (earnedAtUs.size > maxRemembered && oldest !== undefined) earnedAtUs.delete(oldest);
  }

  return {
    async take(charges) {
      const nowUs = toMicroseconds(clock.now().getTime());
      const next = charges.map(({ key, rate }) => {
        const { costUs, burstUs } = paceOf(rate);
        const atUs = Math.max(earnedAtUs.get(key) ?? 0, nowUs) + costUs;
        return { key, atUs, waitUs: Math.max(0, atUs - burstUs - nowUs) };
      });
      if (next.every(({ waitUs }) => waitUs === 0)) for (const { key, atUs } of next) remember(key, atUs);
      return next.map(({ waitUs }) => toWaitMs(waitUs));
    },
  };
}
