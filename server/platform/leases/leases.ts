/**
 * Who is here: a key is held as long as somebody holds it, on any node, and falls free by itself when the node that
 * held it dies.
 */
export interface Leases {
  /** Takes a share of the key. Resolves to true when nobody held it before. */
  acquire(key: string): Promise<boolean>;
  /** Gives one share back. Resolves to true when nobody holds the key any more. */
  release(key: string): Promise<boolean>;
  /** For each key whether it is held; undefined when that can't be known just now. */
  held(keys: readonly string[]): Promise<readonly (boolean | undefined)[]>;
}
