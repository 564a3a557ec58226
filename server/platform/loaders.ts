import DataLoader from "dataloader";
import type { Scope } from "./scope.js";

/** How to read many things at once: one batch of keys in, one value for each key out, in the same order. */
export interface LoaderDefinition<Key, Value> {
  readonly batch: (scope: Scope, keys: readonly Key[]) => Promise<readonly Value[]>;
}

/** What batches and remembers reads, for one operation of one person: never shared, never kept. */
export class Loaders {
  private readonly open = new Map<unknown, DataLoader<unknown, unknown>>();

  constructor(private readonly scope: Scope) {}

  load<Key, Value>(definition: LoaderDefinition<Key, Value>, key: Key): Promise<Value> {
    return this.of(definition).load(key);
  }

  /** Remembers what is known already, so that it is not read. */
  prime<Key, Value>(definition: LoaderDefinition<Key, Value>, key: Key, value: Value): void {
    this.of(definition).prime(key, value);
  }

  /** Forgets everything: after a change, reads must see it. */
  clear(): void {
    this.open.clear();
  }

  private of<Key, Value>(definition: LoaderDefinition<Key, Value>): DataLoader<Key, Value> {
    const known = this.open.get(definition);
    if (known !== undefined) return parseLoader<Key, Value>(known);
    const loader = new DataLoader<Key, Value>((keys) => definition.batch(this.scope, keys));
    this.open.set(definition, parseLoader<unknown, unknown>(loader));
    return loader;
  }
}

/** A loader is stored under the definition that it was made from, which has its types. */
function parseLoader<Key, Value>(loader: unknown): DataLoader<Key, Value> {
  return loader as DataLoader<Key, Value>;
}

/** The values in the order of the keys; undefined where there is none. */
export function inOrder<Key, Value>(
  keys: readonly Key[],
  values: readonly Value[],
  keyOf: (value: Value) => Key,
): readonly (Value | undefined)[] {
  const byKey = new Map(values.map((value) => [keyOf(value), value]));
  return keys.map((key) => byKey.get(key));
}

/** All values of each key, in their own order; an empty list where there is none. */
export function grouped<Key, Value>(
  keys: readonly Key[],
  values: readonly Value[],
  keyOf: (value: Value) => Key,
): readonly (readonly Value[])[] {
  const byKey = Map.groupBy(values, keyOf);
  return keys.map((key) => byKey.get(key) ?? []);
}

/** Which page of whose list is wanted. */
export interface PageKey<Id, Page> {
  readonly of: Id;
  readonly page: Page;
}

/** Reads pages of many lists: those that want the same page (one field of a document, in many places) in one go. */
export async function pagesOf<Id, Page, Value>(
  keys: readonly PageKey<Id, Page>[],
  read: (ids: readonly Id[], page: Page) => Promise<readonly (readonly Value[])[]>,
): Promise<readonly (readonly Value[])[]> {
  const found = new Map<PageKey<Id, Page>, readonly Value[]>();
  for (const alike of Map.groupBy(keys, ({ page }) => JSON.stringify(page)).values()) {
    const [first] = alike;
    const ids = [...new Set(alike.map((key) => key.of))];
    const lists = first === undefined ? [] : await read(ids, first.page);
    for (const key of alike) found.set(key, lists[ids.indexOf(key.of)] ?? []);
  }
  return keys.map((key) => found.get(key) ?? []);
}
