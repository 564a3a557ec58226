/** A busy room must not spend one's allowance of writes on saying that one reads. */
export const MARK_AT_MOST_EVERY_MS = 2_000;

/** Tells the server how far one has read: at once, then at most every 2 s, when one leaves, and again until it is heard. */
export class ReadMarker {
  /** Answers whether the server has heard it, or there is no sense in saying it again. */
  readonly #send: (messageId: string) => Promise<boolean>;
  #latest: string | null = null;
  #sent: string | null = null;
  #isWaiting = false;
  #endTurn = (): void => {};

  constructor(send: (messageId: string) => Promise<boolean>) {
    this.#send = send;
  }

  /** This message, and all before it, were seen. */
  mark(messageId: string): void {
    this.#latest = messageId;
    if (!this.#isWaiting) void this.#sendLatest();
  }

  /** Says what waits for its turn now: who leaves may have none any more. */
  leave(): void {
    if (this.#latest !== this.#sent) this.#endTurn();
  }

  async #sendLatest(): Promise<void> {
    const messageId = this.#latest;
    if (messageId === null || messageId === this.#sent) return;
    this.#isWaiting = true;
    this.#sent = messageId;
    const pause = new Promise((resolve) => setTimeout(resolve, MARK_AT_MOST_EVERY_MS));
    const left = new Promise<void>((resolve) => (this.#endTurn = resolve));
    const answered = this.#send(messageId).then((isHeard) => {
      if (!isHeard && this.#sent === messageId) this.#sent = null;
    });
    // However long the answer took: what was not heard is said again.
    await Promise.race([Promise.all([answered, pause]), left]);
    this.#isWaiting = false;
    void this.#sendLatest();
  }
}
