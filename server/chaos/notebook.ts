import type { Followed, Happened, Span } from "./history.js";

/** Where a span begins: where the server says that it continues from, or at a snapshot, which has what is before. */
export type Beginning = "ready" | "snapshot";

interface OwnSpan {
  readonly stream: string;
  readonly start: number;
  readonly beginning: Beginning;
  readonly events: Happened[];
  ended: Span["ended"];
}

/** What one follower writes down: everything that they are told, as it comes, also what may not be. */
export class Notebook {
  private readonly spans: OwnSpan[] = [];
  readonly faults: string[] = [];

  constructor(
    readonly name: string,
    readonly user: number,
  ) {}

  /** They follow a stream from here on. One that they follow already goes on as it is. */
  begin(stream: string, start: number, beginning: Beginning): void {
    if (this.last(stream)?.ended !== "open") this.spans.push({ stream, start, beginning, events: [], ended: "open" });
  }

  /** They were told something of a stream. Whether it was news: a snapshot may have had it. */
  add(stream: string, event: Happened): boolean {
    const span = this.last(stream);
    if (span === undefined) {
      this.faults.push(`${event.what} (${event.seq}) of ${stream}, which they do not follow`);
      return true;
    }
    if (span.beginning === "snapshot" && event.seq <= span.start) return false;
    // Who was removed and is back may hear of all that first, and of the removal after it.
    span.ended = "open";
    span.events.push(event);
    return true;
  }

  /** The server has ended a stream for them. */
  remove(stream: string): void {
    const span = this.last(stream);
    if (span !== undefined) span.ended = "removed";
  }

  /** The seq of the last event that was handled; undefined while they do not follow it. */
  handled(stream: string): number | undefined {
    const span = this.last(stream);
    return span?.ended === "open" ? (span.events.at(-1)?.seq ?? span.start) : undefined;
  }

  /** The server says where a stream continues from, which has to be where they are. */
  resumed(stream: string, seq: number): void {
    const handled = this.handled(stream);
    if (handled === undefined) this.begin(stream, seq, "ready");
    else if (handled !== seq) this.faults.push(`${stream} was resumed after ${seq} instead of ${handled}`);
  }

  /** Whether all open streams have come to their ends. */
  hasReached(heads: ReadonlyMap<string, number>): boolean {
    return this.spans.every(
      ({ stream, ended }) => ended === "removed" || (this.handled(stream) ?? 0) >= (heads.get(stream) ?? 0),
    );
  }

  toFollowed(): Followed {
    return { name: this.name, user: this.user, spans: this.spans, faults: this.faults };
  }

  private last(stream: string): OwnSpan | undefined {
    return this.spans.findLast((span) => span.stream === stream);
  }
}
