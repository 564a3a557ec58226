/**
 * Who is here: a key is held as long as somebody holds it, on any node, and falls free by itself when the node that
 * held it dies.
 */
export interface Leases {
  /** Takes a share of the key. Resolves to true when nobody held it before, as far as that can be known just now. */
  acquire(key: string): Promise<boolean>;
  /** Gives one share back. Resolves to true when nobody holds the key any more, as far as that can be known just now. */
  release(key: string): Promise<boolean>;
  /** For each key whether it is held; undefined when that can't be known just now. */
  held(keys: readonly string[]): Promise<readonly (boolean | undefined)[]>;
  /**
   * Calls back, on one of the nodes, for keys that were taken by their first holder or left by their last without a call
   * that said so: the node that held them has died, or the nodes could not tell each other at the time. The answer ends
   * it.
   */
  onChange(callback: (keys: readonly string[]) => void): () => void;
  /** Leaves what is held to fall free in a while, so that who goes on at another node is not gone meanwhile. */
  close(): Promise<void>;
}
