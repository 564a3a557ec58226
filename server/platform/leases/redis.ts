import { randomUUID } from "node:crypto";
import { batchesOf } from "../batches.js";
import type { Logger } from "../logger.js";
import type { RedisConnection } from "../redis/connection.js";
import type { Clock } from "../time.js";
import { within } from "../within.js";
import type { Leases } from "./leases.js";
import { Questions, Turns } from "./turns.js";
import { BEAT, FADE, HELD, HOLD, LET_GO } from "./redis.scripts.js";

/** A node that has not been heard of for this long is dead. */
export const LEASE_TTL_MS = 30_000;
/** How often a node says that it lives, and looks for those that don't. */
export const LEASE_BEAT_MS = 10_000;
/** What a node that stops leaves behind falls free after this: time enough to go on at another one. */
const FADE_MS = 5_000;
const ANSWER_WITHIN_MS = 1_000;
/** A script holds up everybody else: it is given no more than this at a time. */
const KEYS_AT_A_TIME = 500;

export interface RedisLeasesParts {
  /** Stays open: it belongs to whoever made it. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Stands before every key in Redis. Only nodes with the same one share leases. */
  readonly prefix: string;
}

/** For several nodes: who holds what stands in Redis, for as long as each node says that it lives. */
export function createRedisLeases(parts: RedisLeasesParts): Leases {
  const node = new LeaseNode(parts);
  return {
    acquire: (key) => node.acquire(key),
    release: (key) => node.release(key),
    held: (keys) => node.held(keys),
    onChange: (callback) => node.onChange(callback),
    close: () => node.close(),
  };
}

class LeaseNode {
  /** One life of this node: after a restart it is another one. */
  private readonly id = randomUUID();
  private readonly shares = new Map<string, number>();
  /** Keys of which Redis may not know how they stand here. */
  private readonly unsaid = new Set<string>();
  private readonly turns = new Turns(KEYS_AT_A_TIME, (taken, left) => this.sayAll(taken, left));
  private readonly questions = new Questions((keys) => this.askAll(keys));
  private readonly callbacks = new Set<(keys: readonly string[]) => void>();
  private readonly stopListening: () => void;
  private stopTimer = (): void => {};
  private beating: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly parts: RedisLeasesParts) {
    this.stopListening = parts.redis.onReturn(() => void this.beat());
    void this.beat();
    this.startTimer();
  }

  async acquire(key: string): Promise<boolean> {
    const before = this.shares.get(key) ?? 0;
    this.shares.set(key, before + 1);
    return before === 0 && (await this.turns.say(key, true));
  }

  async release(key: string): Promise<boolean> {
    const before = this.shares.get(key) ?? 0;
    if (before > 1) this.shares.set(key, before - 1);
    else this.shares.delete(key);
    return before === 1 && (await this.turns.say(key, false));
  }

  async held(keys: readonly string[]): Promise<readonly (boolean | undefined)[]> {
    return keys.length === 0 ? [] : this.questions.ask(keys);
  }

  onChange(callback: (keys: readonly string[]) => void): () => void {
    this.callbacks.add(callback);
    return () => this.callbacks.delete(callback);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.stopTimer();
    this.stopListening();
    await this.send(FADE, [], FADE_MS).catch(() => {});
  }

  /** What can't be asked is not known, and nothing of what would be asked after it. */
  private async askAll(keys: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
    const known = new Map<string, boolean>();
    try {
      for (const batch of batchesOf(keys, KEYS_AT_A_TIME)) {
        const answers = parseList(await this.run(HELD, batch));
        for (const [index, key] of batch.entries()) known.set(key, answers[index] === 1);
      }
    } catch {
      return new Map();
    }
    return known;
  }

  /** Tells Redis what has changed; if that fails it is told with the next beat. */
  private async sayAll(taken: readonly string[], left: readonly string[]): Promise<ReadonlySet<string>> {
    try {
      return new Set(await this.holdAndLetGo(taken, left));
    } catch {
      for (const key of [...taken, ...left]) this.unsaid.add(key);
      return new Set();
    }
  }

  /** Both commands leave at once, and in order with whatever is said after. The keys that nobody else holds. */
  private async holdAndLetGo(taken: readonly string[], left: readonly string[]): Promise<readonly string[]> {
    const said = [
      ...(taken.length > 0 ? [this.run(HOLD, taken)] : []),
      ...(left.length > 0 ? [this.run(LET_GO, left)] : []),
    ];
    return (await Promise.all(said)).flatMap(parseList).map(String);
  }

  /** One at a time: who comes meanwhile waits for the one that runs. */
  private beat(): Promise<void> {
    this.beating ??= this.beatOnce()
      .catch((error: unknown) => this.parts.logger.debug({ err: error }, "the leases were not renewed; trying again"))
      .finally(() => (this.beating = undefined));
    return this.beating;
  }

  private async beatOnce(): Promise<void> {
    const { isKnown, free } = parseBeat(await this.run(BEAT, []));
    this.tell(free);
    if (!isKnown) for (const key of this.shares.keys()) this.unsaid.add(key);
    const unsaid = [...this.unsaid];
    for (let start = 0; start < unsaid.length; start += KEYS_AT_A_TIME) {
      await this.sayAgain(unsaid.slice(start, start + KEYS_AT_A_TIME));
    }
  }

  /** As they stand now. */
  private async sayAgain(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.unsaid.delete(key);
    const holding = keys.filter((key) => this.shares.has(key));
    const left = keys.filter((key) => !this.shares.has(key));
    try {
      this.tell(await this.holdAndLetGo(holding, left));
    } catch (error) {
      for (const key of keys) this.unsaid.add(key);
      throw error;
    }
  }

  /** Nothing more once this node fades away: it would revive it. */
  private async run(script: string, keys: readonly string[]): Promise<unknown> {
    if (this.closed) throw new Error("This node has let go of its leases.");
    return this.send(script, keys, LEASE_TTL_MS);
  }

  private send(script: string, keys: readonly string[], ttlMs: number): Promise<unknown> {
    const { redis, clock, prefix } = this.parts;
    const answer = redis.commands.eval(script, 1, `${prefix}nodes`, `${prefix}node:`, this.id, ttlMs, ...keys);
    return within(clock, ANSWER_WITHIN_MS, answer);
  }

  private tell(keys: readonly string[]): void {
    if (keys.length > 0) for (const callback of this.callbacks) callback(keys);
  }

  private startTimer(): void {
    this.stopTimer = this.parts.clock.after(LEASE_BEAT_MS, () => {
      void this.beat();
      if (!this.closed) this.startTimer();
    });
  }
}

function parseList(answer: unknown): readonly unknown[] {
  return Array.isArray(answer) ? answer : [];
}

function parseBeat(answer: unknown): { readonly isKnown: boolean; readonly free: readonly string[] } {
  const [known, free] = parseList(answer);
  return { isKnown: known === 1, free: parseList(free).map(String) };
}
