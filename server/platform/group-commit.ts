/** Does the work of some items at once, in their order: a result for each, in that order too. */
export type Together<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>;

interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export interface GroupCommitOptions {
  /** So many items are done at once, at most. */
  readonly limit: number;
  /** Whether a failure may be that of a single item, and has undone all: then each is done by itself. */
  readonly mayBeOnes: (error: unknown) => boolean;
}

/**
 * Works that would wait for each other anyway, as they need the same lock: of each key one is under way at a time, and what
 * comes meanwhile is done together, next, in the order in which it came. Nobody waits for others to come.
 */
export class GroupCommit<Key, Item, Result> {
  /** What waits for each key of which something is under way. */
  private readonly lines = new Map<Key, Waiting<Item, Result>[]>();

  constructor(
    private readonly together: Together<Item, Result>,
    private readonly options: GroupCommitOptions,
  ) {}

  /** Resolves to the item's own result, or rejects with what stood in its way. */
  do(key: Key, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const waiting = { item, resolve, reject };
      const line = this.lines.get(key);
      if (line === undefined) void this.serve(key, waiting);
      else line.push(waiting);
    });
  }

  private async serve(key: Key, first: Waiting<Item, Result>): Promise<void> {
    const line: Waiting<Item, Result>[] = [];
    this.lines.set(key, line);
    for (let group = [first]; group.length > 0; group = line.splice(0, this.options.limit)) await this.settle(group);
    this.lines.delete(key);
  }

  /** Never fails: what goes wrong is told those whom it concerns. */
  private async settle(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.together(group.map(({ item }) => item));
      if (results.length !== group.length) throw new Error(`${group.length} items had ${results.length} results.`);
      for (const [index, result] of results.entries()) group[index]?.resolve(result);
    } catch (error) {
      if (group.length > 1 && this.options.mayBeOnes(error)) for (const one of group) await this.settle([one]);
      else for (const { reject } of group) reject(error);
    }
  }
}
