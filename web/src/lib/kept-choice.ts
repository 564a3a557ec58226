import { createStore, type Store } from "./store.js";

/** What a choice is kept under, and how it is read back; what can't be read is the default. */
export interface KeptChoice<T extends string | number> {
  readonly key: string;
  readonly parse: (value: string | null) => T;
}

/** A choice that outlives the visit and is the same in all tabs. A storage that is full or forbidden keeps it for this one. */
export function createKeptChoice<T extends string | number>(storage: Storage, { key, parse }: KeptChoice<T>): Store<T> {
  const store = createStore(parse(storage.getItem(key)));
  store.subscribe(() => {
    const value = String(store.get());
    try {
      if (storage.getItem(key) !== value) storage.setItem(key, value);
    } catch {
      // It holds as long as the page.
    }
  });
  window.addEventListener("storage", (event) => {
    if (event.storageArea === storage && (event.key === key || event.key === null)) store.set(parse(event.newValue));
  });
  return store;
}
