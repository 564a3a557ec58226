import type { Rate } from "../duration.js";
import type { Rates } from "./rates.js";

/** The limits that can be configured. */
export const limitNames = ["sends", "writes", "uploads", "searches", "logins"] as const;
export type LimitName = (typeof limitNames)[number];

/** `off`: no limit. */
export type RateLimits = Readonly<Record<LimitName, Rate | "off">>;

/** Something that is counted by itself, and the limit that it is held against. */
export interface Counted {
  readonly count: string;
  readonly limit: LimitName;
}

/** Who may go on, by the limits that are configured. */
export interface RateLimiter {
  /**
   * Takes one of each count of this subject's (a person, an address), or none of any. Never fails.
   * @returns 0, or how many milliseconds it takes until all can be taken
   */
  take(subject: string | number, counted: readonly Counted[]): Promise<number>;
  /** How often each limit has said no on this node. */
  readonly refusals: Readonly<Record<LimitName, number>>;
}

export function createRateLimiter(limits: RateLimits, rates: Rates): RateLimiter {
  const refusals: Record<LimitName, number> = { sends: 0, writes: 0, uploads: 0, searches: 0, logins: 0 };
  return {
    refusals,
    async take(subject, counted) {
      const charges = counted.flatMap(({ count, limit }) => {
        const rate = limits[limit];
        return rate === "off" ? [] : [{ key: `${count}:${subject}`, rate, limit }];
      });
      if (charges.length === 0) return 0;
      const waits = await rates.take(charges);
      for (const [index, { limit }] of charges.entries()) if ((waits[index] ?? 0) > 0) refusals[limit] += 1;
      return Math.max(...waits);
    },
  };
}
