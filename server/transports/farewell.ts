import { systemClock, type Clock } from "../platform/time.js";

/** Many who are sent away at once come back at once, to the nodes that are left: each gets a moment of its own. */
const SPREAD_PER_SOCKET_MS = 10;
const MAX_SPREAD_MS = 4_000;
/** How long a socket may take to finish what it has begun, and then to say goodbye. */
const FINISH_WITHIN_MS = 3_000;
const GOODBYE_MS = 2_000;
const LOOK_EVERY_MS = 10;

/** A socket as its server leaves it. */
export interface Leaving {
  /** Something that its client waits for is not answered yet. */
  isBusy(): boolean;
  /** Tells the client to go on elsewhere. */
  close(): void;
  isClosed(): boolean;
  /** Breaks the connection. */
  terminate(): void;
}

/**
 * Sends sockets away, one after the other within a few seconds in no order: each when what its client has asked for is
 * answered, but not later than it can be waited for. Resolves when all of them are closed.
 */
export async function sendAway(sockets: readonly Leaving[], clock: Clock = systemClock): Promise<void> {
  const spreadMs = Math.min(sockets.length * SPREAD_PER_SOCKET_MS, MAX_SPREAD_MS);
  await Promise.all(
    sockets.map(async (socket) => {
      await passed(clock, Math.random() * spreadMs);
      await within(clock, FINISH_WITHIN_MS, () => !socket.isBusy());
      socket.close();
      if (!(await within(clock, GOODBYE_MS, () => socket.isClosed()))) socket.terminate();
    }),
  );
}

/** Whether it came about in time. */
async function within(clock: Clock, limitMs: number, condition: () => boolean): Promise<boolean> {
  for (let waitedMs = 0; !condition(); waitedMs += LOOK_EVERY_MS) {
    if (waitedMs >= limitMs) return false;
    await passed(clock, LOOK_EVERY_MS);
  }
  return true;
}

const passed = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => void clock.after(delayMs, resolve));
