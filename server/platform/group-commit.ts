/** Does the work of some items at once, in their order: a result for each, in that order too. */
export type Together<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>;

interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export interface GroupCommitOptions<Item> {
  /** So many items are done at once, at most. */
  readonly limit: number;
  /** Whether an item may be done together with those that came before it. If not, the next group begins with it. */
  readonly mayJoin: (group: readonly Item[], item: Item) => boolean;
  /** Whether a failure may be that of a single item, and has undone all: then each is done by itself. */
  readonly mayBeOnes: (error: unknown) => boolean;
}

/**
 * Works that would wait for each other anyway, as they need the same lock: of each key one is under way at a time, and what
 * comes meanwhile is done together, next, in the order in which it came. Nobody waits for others to come. A failure that is
 * no single item's is that of all who wait by then: each by itself would have waited as long for the same.
 */
export class GroupCommit<Key, Item, Result> {
  /** What waits for each key of which something is under way. */
  private readonly lines = new Map<Key, Waiting<Item, Result>[]>();

  constructor(
    private readonly together: Together<Item, Result>,
    private readonly options: GroupCommitOptions<Item>,
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

  /** Never fails: what goes wrong is told those whom it concerns. */
  private async serve(key: Key, first: Waiting<Item, Result>): Promise<void> {
    const line: Waiting<Item, Result>[] = [];
    this.lines.set(key, line);
    for (let group = [first]; group.length > 0; group = this.takeGroup(line)) {
      try {
        await this.settle(group);
      } catch (error) {
        // Those of the group who have their answer already keep it.
        for (const { reject } of [...group, ...line.splice(0)]) reject(error);
      }
    }
    this.lines.delete(key);
  }

  /** From the beginning of the line, as many as may be done together: one at least, if there is one. */
  private takeGroup(line: Waiting<Item, Result>[]): Waiting<Item, Result>[] {
    const { limit, mayJoin } = this.options;
    const items = line.slice(0, limit).map(({ item }) => item);
    const cut = items.findIndex((item, n) => n > 0 && !mayJoin(items.slice(0, n), item));
    return line.splice(0, cut === -1 ? limit : cut);
  }

  /** Gives each its answer. Throws a failure that is nobody's own. */
  private async settle(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.together(group.map(({ item }) => item));
      if (results.length !== group.length) throw new Error(`${group.length} items had ${results.length} results.`);
      for (const [index, result] of results.entries()) group[index]?.resolve(result);
    } catch (error) {
      if (!this.options.mayBeOnes(error)) throw error;
      if (group.length === 1) group[0]?.reject(error);
      else for (const one of group) await this.settle([one]);
    }
  }
}
