/** How many may be connected at once of whom it is not known yet who they are. */
export interface StrangerLimits {
  readonly perNetwork: number;
  readonly inAll: number;
}

/**
 * Enough for a company behind one address whose people all come back at once; each of them is one for a moment only. Who
 * says nothing is one for 5 seconds.
 */
const LIMITS: StrangerLimits = { perNetwork: 2_000, inAll: 5_000 };

/** The WebSockets of this node whose people are not known yet, of whatever kind, by where they come from. */
export class Strangers {
  private readonly byNetwork = new Map<string, number>();
  private all = 0;

  constructor(private readonly limits: StrangerLimits = LIMITS) {}

  /** Counts one more. The answer ends that, and may be called again; undefined: there are too many. */
  enter(network: string): (() => void) | undefined {
    const count = this.byNetwork.get(network) ?? 0;
    if (count >= this.limits.perNetwork || this.all >= this.limits.inAll) return undefined;
    this.byNetwork.set(network, count + 1);
    this.all += 1;
    let isHere = true;
    return () => {
      if (!isHere) return;
      isHere = false;
      this.leave(network);
    };
  }

  private leave(network: string): void {
    this.all -= 1;
    const left = (this.byNetwork.get(network) ?? 0) - 1;
    if (left > 0) this.byNetwork.set(network, left);
    else this.byNetwork.delete(network);
  }
}
