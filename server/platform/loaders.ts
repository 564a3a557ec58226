import DataLoader from "dataloader";
import type { Scope } from "./scope.js";

/**
 * How to read many things at once: one batch of keys in, one value for each key out, in the same order. What came along
 * with them is handed to `prime`.
 */
export interface LoaderDefinition<Key, Value> {
  readonly batch: (scope: Scope, keys: readonly Key[], prime: Prime) => Promise<readonly Value[]>;
}

/** Remembers what is known already, so that it is not read. */
export type Prime = <Key, Value>(definition: LoaderDefinition<Key, Value>, key: Key, value: Value) => void;

/** There already, or to be read first. A promise for each of a thousand fields costs more than the fields. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** As `value.then(next)`, at once when the value is there. */
export function andThen<Value, Result>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** What is known and what is being read by one definition. */
class Reads<Key, Value> {
  private readonly known = new Map<Key, Value>();
  private readonly loader: DataLoader<Key, Value>;

  constructor(read: (keys: readonly Key[]) => Promise<readonly Value[]>) {
    this.loader = new DataLoader<Key, Value>(async (keys) => {
      const values = await read(keys);
      for (const [index, value] of values.entries()) this.known.set(parseKey(keys[index]), value);
      return values;
    });
  }

  load(key: Key): MaybePromise<Value> {
    const value = this.known.get(key);
    return value !== undefined || this.known.has(key) ? parseKnown<Value>(value) : this.loader.load(key);
  }

  prime(key: Key, value: Value): void {
    if (!this.known.has(key)) this.known.set(key, value);
  }
}

type Open = Map<unknown, Reads<unknown, unknown>>;

/** What batches and remembers reads, for one operation of one person: never shared, never kept. */
export class Loaders {
  private open: Open = new Map();

  constructor(private readonly scope: Scope) {}

  /** At once what is known, else a promise of it. */
  load<Key, Value>(definition: LoaderDefinition<Key, Value>, key: Key): MaybePromise<Value> {
    return this.of(this.open, definition).load(key);
  }

  /** As `load`, of many, in their order. */
  loadAll<Key, Value>(definition: LoaderDefinition<Key, Value>, keys: readonly Key[]): MaybePromise<readonly Value[]> {
    const reads = this.of(this.open, definition);
    const values = keys.map((key) => reads.load(key));
    return areKnown(values) ? values : Promise.all(values);
  }

  readonly prime: Prime = (definition, key, value) => this.of(this.open, definition).prime(key, value);

  /** Forgets everything: after a change, reads must see it. What is being read still is remembered by nobody. */
  clear(): void {
    this.open = new Map();
  }

  private of<Key, Value>(open: Open, definition: LoaderDefinition<Key, Value>): Reads<Key, Value> {
    const known = open.get(definition);
    if (known !== undefined) return parseReads<Key, Value>(known);
    const prime: Prime = (other, key, value) => this.of(open, other).prime(key, value);
    const reads = new Reads<Key, Value>((keys) => definition.batch(this.scope, keys, prime));
    open.set(definition, parseReads<unknown, unknown>(reads));
    return reads;
  }
}

function areKnown<Value>(values: readonly MaybePromise<Value>[]): values is readonly Value[] {
  return !values.some((value) => value instanceof Promise);
}

/** Reads are stored under the definition that they were made from, which has their types. */
function parseReads<Key, Value>(reads: unknown): Reads<Key, Value> {
  return reads as Reads<Key, Value>;
}

function parseKnown<Value>(value: Value | undefined): Value {
  return value as Value;
}

/** There is a key for each value. */
function parseKey<Key>(key: Key | undefined): Key {
  return key as Key;
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
