import type { Clock } from "../platform/time.js";

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  /** Of all timers. */
  private nowMs: number;
  /** By how much the time of day is another one. */
  private setByMs = 0;
  private readonly timers = new Set<Timer>();

  constructor(start = new Date()) {
    this.nowMs = start.getTime();
  }

  now(): Date {
    return new Date(this.nowMs + this.setByMs);
  }

  elapsedMs(): number {
    return this.nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.nowMs + delayMs, callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** How many timers are waiting. */
  get pending(): number {
    return this.timers.size;
  }

  /** Sets the time of day, as somebody does to a machine's clock: no timer comes sooner or later for that. */
  set(byMs: number): void {
    this.setByMs += byMs;
  }

  /** Moves the time forward, running what falls due on the way, in order. */
  advance(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    for (let due = this.nextDue(untilMs); due !== undefined; due = this.nextDue(untilMs)) {
      this.timers.delete(due);
      this.nowMs = Math.max(this.nowMs, due.atMs);
      due.callback();
    }
    this.nowMs = untilMs;
  }

  private nextDue(untilMs: number): Timer | undefined {
    return [...this.timers].filter((timer) => timer.atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
  }
}
