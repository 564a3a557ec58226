/** So many frames may be refused in a row, within this time. Who goes on does not read what they are answered. */
const MAX_REFUSED = 100;
const WITHIN_MS = 10_000;

/** The frames of one socket that were refused, for what they are, since one was carried out. */
export class RefusedFrames {
  private atMs: readonly number[] = [];

  /** Counts one more. True when it was one too many. */
  add(nowMs: number): boolean {
    this.atMs = [...this.atMs, nowMs].filter((atMs) => nowMs - atMs < WITHIN_MS);
    return this.atMs.length >= MAX_REFUSED;
  }

  /** One was carried out. */
  clear(): void {
    this.atMs = [];
  }
}
