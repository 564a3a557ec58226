import type { Leases } from "./leases.js";

/** For a single node: what this process holds is all that is held. */
export function createInProcessLeases(): Leases {
  const shares = new Map<string, number>();
  return {
    async acquire(key) {
      const before = shares.get(key) ?? 0;
      shares.set(key, before + 1);
      return before === 0;
    },
    async release(key) {
      const left = (shares.get(key) ?? 0) - 1;
      if (left > 0) shares.set(key, left);
      else shares.delete(key);
      return left === 0;
    },
    async held(keys) {
      return keys.map((key) => shares.has(key));
    },
    onChange: () => () => {},
    async close() {},
  };
}
