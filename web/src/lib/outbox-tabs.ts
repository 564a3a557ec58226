import type { Limits, LiveState } from "./outbox-entry.js";

/** What the tabs of one user in one browser tell each other. */
export type TabMessage =
  /** The storage holds something else than before. */
  | { readonly kind: "changed" }
  /** How the tab that sends is getting on, whole. */
  | {
      readonly kind: "states";
      readonly states: readonly (readonly [key: string, state: LiveState])[];
      /** Absent where a page of an earlier version tells it. */
      readonly limits?: Limits;
    }
  | { readonly kind: "progress"; readonly key: string; readonly fraction: number }
  /** A tab has come, and does not know how the one that sends is getting on. */
  | { readonly kind: "hello" }
  /** The network is there: whoever waits may try. */
  | { readonly kind: "resume" };

export interface Tab {
  /** Whether this is the one tab that sends now. */
  readonly onLead: (isLeading: boolean) => void;
  readonly onMessage: (message: TabMessage) => void;
}

export interface Membership {
  readonly post: (message: TabMessage) => void;
  /** Becomes the tab that sends though another one is: it does not seem to be alive. */
  readonly takeOver: () => void;
  readonly leave: () => void;
}

/** Brings the tabs of one user together: one of them sends. */
export interface OutboxTabs {
  readonly join: (userId: string, tab: Tab) => Membership;
}

/** The only tab there is. */
export const singleTab: OutboxTabs = {
  join: (_userId, tab) => {
    tab.onLead(true);
    return { post: () => undefined, takeOver: () => undefined, leave: () => undefined };
  },
};

/** Asks for the lock until it is there, and again when another tab has taken it away. */
function lead(locks: LockManager, name: string, onLead: Tab["onLead"]): Pick<Membership, "takeOver" | "leave"> {
  const left = new AbortController();
  const hold = (): Promise<void> => {
    if (left.signal.aborted) return Promise.resolve();
    onLead(true);
    return new Promise((resolve) => left.signal.addEventListener("abort", () => resolve()));
  };
  const ask = (options: LockOptions): void => {
    locks.request(name, options, hold).catch((error: unknown) => {
      if (left.signal.aborted) return;
      // Where locks are not allowed every tab sends: the keys see to it that nothing is stored twice.
      if (!(error instanceof DOMException) || error.name !== "AbortError") return onLead(true);
      onLead(false);
      ask({ signal: left.signal });
    });
  };
  ask({ signal: left.signal });
  return { takeOver: () => ask({ steal: true }), leave: () => left.abort() };
}

export interface TabsParts {
  /** Absent where the page came over plain HTTP: then every tab sends, and the keys see to it that nothing is stored twice. */
  readonly locks: LockManager | undefined;
  readonly openChannel: (name: string) => BroadcastChannel;
}

/** The tabs of this browser: the one that holds the lock sends, and tells the others. */
export function createBrowserTabs({ locks, openChannel }: TabsParts): OutboxTabs {
  return {
    join: (userId, tab) => {
      const name = `parley.outbox.${userId}`;
      const channel = openChannel(name);
      // Nothing but our own pages can write into it.
      channel.onmessage = ({ data }: MessageEvent<TabMessage>) => tab.onMessage(data);
      let hasLeft = false;
      // What was on its way when the session ended may still have something to say.
      const post = (message: TabMessage): void => void (hasLeft || channel.postMessage(message));
      const leading = locks ? lead(locks, name, tab.onLead) : null;
      if (!leading) tab.onLead(true);
      post({ kind: "hello" });
      const leave = (): void => {
        hasLeft = true;
        leading?.leave();
        channel.close();
      };
      return { post, takeOver: () => leading?.takeOver(), leave };
    },
  };
}
