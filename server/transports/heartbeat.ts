import type { Clock } from "../platform/time.js";

/** How often each side is asked for a sign of life, and how long it has for one. */
export const HEARTBEAT_MS = 12_000;

/** What a heartbeat needs of a socket. */
export interface Pulse {
  ping(): void;
  /** Ends it without a word: nobody is there to hear one. */
  terminate(): void;
  /** It can't be expected to answer just now. */
  isHeldUp(): boolean;
}

export interface Heartbeat {
  /** The other side has given a sign of life. */
  alive(): void;
  stop(): void;
}

/** Asks again and again whether the other side is still there, and ends the socket when it is not. */
export function startHeartbeat(pulse: Pulse, clock: Clock): Heartbeat {
  let isAlive = true;
  let cancel = (): void => {};
  const beat = (): void => {
    if (!isAlive && !pulse.isHeldUp()) return pulse.terminate();
    isAlive = false;
    pulse.ping();
    cancel = clock.after(HEARTBEAT_MS, beat);
  };
  cancel = clock.after(HEARTBEAT_MS, beat);
  return {
    alive() {
      isAlive = true;
    },
    stop: () => cancel(),
  };
}
