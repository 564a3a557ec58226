import type { Membership, OutboxTabs, Tab } from "../lib/outbox-tabs.js";

interface Seat {
  readonly tab: Tab;
  isAsleep: boolean;
}

/** Tabs of one browser, for tests: the first that is open sends, and messages arrive a task later. */
export interface TestTabs {
  /** A further tab; `sleep` makes it hold the lock, hear and say nothing, as a suspended one does. */
  readonly open: () => { readonly tabs: OutboxTabs; readonly close: () => void; readonly sleep: () => void };
}

/** Opens a browser without a tab. */
export function createTestTabs(): TestTabs {
  let seats: Seat[] = [];
  const isFirst = (seat: Seat): boolean => seats[0] === seat;
  const toFront = (seat: Seat): void => {
    seats[0]?.tab.onLead(false);
    seats = [seat, ...seats.filter((each) => each !== seat)];
    seat.tab.onLead(true);
  };
  const open = () => {
    let seat: Seat | null = null;
    const close = (): void => {
      if (!seat) return;
      const wasFirst = isFirst(seat);
      seats = seats.filter((each) => each !== seat);
      if (wasFirst) seats[0]?.tab.onLead(true);
    };
    const join = (_userId: string, tab: Tab): Membership => {
      const own: Seat = { tab, isAsleep: false };
      seat = own;
      seats.push(own);
      if (isFirst(own)) tab.onLead(true);
      return {
        post: (message) => {
          if (own.isAsleep) return;
          const others = seats.filter((each) => each !== own && !each.isAsleep);
          for (const other of others) setImmediate(() => other.tab.onMessage(structuredClone(message)));
        },
        takeOver: () => toFront(own),
        leave: close,
      };
    };
    return { tabs: { join }, close, sleep: () => void (seat && (seat.isAsleep = true)) };
  };
  return { open };
}
