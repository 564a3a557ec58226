/** Acts that take turns: of those under one key, each begins when the one before it is over, however that ended. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Whether something under this key is under way or waits. */
  has(key: string): boolean {
    return this.#last.has(key);
  }

  /** Acts when it is its turn; answers and rejects as `act` does. */
  take<T>(key: string, act: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const turn = before ? before.then(act, act) : act();
    this.#last.set(key, turn);
    const end = (): void => void (this.#last.get(key) === turn && this.#last.delete(key));
    turn.then(end, end);
    return turn;
  }
}
