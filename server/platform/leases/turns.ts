/** One key that is taken or left, and who waits to hear how it stood. */
interface Saying {
  readonly key: string;
  readonly isTaken: boolean;
  readonly heard: (isFirstOrLast: boolean) => void;
}

/** Takes and leaves keys, and resolves to those that nobody else holds. No key is in both. It does not fail. */
export type SayAll = (taken: readonly string[], left: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * Says what is taken and left, one turn after the other: what comes while a turn is answered goes with the next one. So a
 * single one goes at once, and thousands who come back after an outage are a few turns and not a burst.
 */
export class Turns {
  private readonly waiting: Saying[] = [];
  private isSpeaking = false;

  constructor(
    private readonly limit: number,
    private readonly sayAll: SayAll,
  ) {}

  /** Resolves to whether nobody else holds the key. */
  say(key: string, isTaken: boolean): Promise<boolean> {
    return new Promise((heard) => {
      this.waiting.push({ key, isTaken, heard });
      if (!this.isSpeaking) void this.speak();
    });
  }

  private async speak(): Promise<void> {
    this.isSpeaking = true;
    while (this.waiting.length > 0) {
      const turn = this.nextTurn();
      const keysOf = (isTaken: boolean): readonly string[] =>
        turn.filter((saying) => saying.isTaken === isTaken).map(({ key }) => key);
      const alone = await this.sayAll(keysOf(true), keysOf(false));
      for (const { key, heard } of turn) heard(alone.has(key));
    }
    this.isSpeaking = false;
  }

  /** Those that wait, up to the first key that is among them already: each stands as it was said last. */
  private nextTurn(): readonly Saying[] {
    const keys = new Set<string>();
    for (const { key } of this.waiting) {
      if (keys.has(key) || keys.size === this.limit) break;
      keys.add(key);
    }
    return this.waiting.splice(0, keys.size);
  }
}

/** Asks about keys; the answers, as far as there are any. It does not fail. */
export type AskAll<Answer> = (keys: readonly string[]) => Promise<ReadonlyMap<string, Answer>>;

/** Those who ask together: about what, and their answers. */
interface Round<Answer> {
  readonly keys: Set<string>;
  readonly answers: Promise<ReadonlyMap<string, Answer>>;
  readonly answer: (answers: ReadonlyMap<string, Answer>) => void;
}

/**
 * Asks about keys, one round after the other: who asks while a round is answered does so with the next one, in which each
 * key is asked about once. So thousands who want to know the same at once are a few questions.
 */
export class Questions<Answer> {
  private next: Round<Answer> | undefined;
  private isAsking = false;

  constructor(private readonly askAll: AskAll<Answer>) {}

  /** The answers in the keys' order, as they are at some moment after this call; undefined where there is none. */
  async ask(keys: readonly string[]): Promise<readonly (Answer | undefined)[]> {
    this.next ??= newRound();
    const round = this.next;
    for (const key of keys) round.keys.add(key);
    if (!this.isAsking) void this.askOn();
    const answers = await round.answers;
    return keys.map((key) => answers.get(key));
  }

  private async askOn(): Promise<void> {
    this.isAsking = true;
    for (let round = this.next; round !== undefined; round = this.next) {
      this.next = undefined;
      // Who can't be told anything is told that there is no answer; those after them are asked about all the same.
      round.answer(await this.askAll([...round.keys]).catch(() => new Map<string, Answer>()));
    }
    this.isAsking = false;
  }
}

function newRound<Answer>(): Round<Answer> {
  const { promise: answers, resolve: answer } = Promise.withResolvers<ReadonlyMap<string, Answer>>();
  return { keys: new Set(), answers, answer };
}
