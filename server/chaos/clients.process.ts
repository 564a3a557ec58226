import { randomUUID } from "node:crypto";
import { serveCalls } from "../bench/worker.js";
import { createRandom } from "../demo/demo-random.js";
import { signToken } from "../platform/tokens.js";
import { startFollower, type Follower } from "./follower.js";
import type { FollowerPlan } from "./following.js";
import type { Followed, Sent } from "./history.js";
import { runSender, type Clients, type SenderPlan } from "./sender.js";
import { eventually } from "./until.js";

/** Senders and followers, all of them in one process. */

export interface ClientsStart {
  readonly urls: readonly string[];
  readonly secret: string;
  readonly seed: number;
}

export interface Counts {
  readonly tries: number;
  readonly acknowledged: number;
  readonly finished: number;
  readonly delivered: number;
  readonly resumes: number;
}

export interface Testimony {
  readonly sent: readonly Sent[];
  readonly followed: readonly Followed[];
  readonly faults: readonly string[];
}

const HOUR_MS = 3_600_000;

const stopping = new AbortController();
const finishing = new AbortController();
const counts = { tries: 0, acknowledged: 0, resumes: 0, delivered: 0 };
const sent: Sent[] = [];
const faults: string[] = [];
const followers: Follower[] = [];
let sending: Promise<unknown> = Promise.resolve();
let clients: Clients | undefined;

function started(): Clients {
  if (clients === undefined) throw new Error("The clients were not started.");
  return clients;
}

const calls = {
  start({ urls, secret, seed }: ClientsStart): void {
    const tokens = new Map<number, Promise<string>>();
    const sign = (user: number): Promise<string> =>
      signToken({ secret, hostId: String(user), username: `user${user}`, displayName: `User ${user}`, ttlMs: HOUR_MS });
    clients = {
      urls,
      random: createRandom(seed),
      token(user) {
        const token = tokens.get(user) ?? sign(user);
        tokens.set(user, token);
        return token;
      },
      newKey: randomUUID,
      signal: stopping.signal,
      enough: finishing.signal,
      fault: (what) => void faults.push(what),
      count: (what) => void (counts[what] += 1),
    };
  },
  /** Resolves once each of them follows. */
  async follow(plans: readonly FollowerPlan[]): Promise<void> {
    const more = plans.map((plan) => startFollower(plan, started()));
    followers.push(...more);
    await Promise.all(more.map(({ isReady, ended }) => Promise.race([isReady, ended])));
  },
  /** Resolves once all that the plans say was sent, or given up. */
  async send(plans: readonly SenderPlan[]): Promise<void> {
    const running = Promise.all(plans.map((plan) => runSender(plan, started(), (each) => void sent.push(each))));
    sending = running;
    await running;
  },
  /** Those who go on may stop. */
  finish: (): void => finishing.abort(),
  counts: (): Counts => ({ ...counts, finished: sent.length }),
  /** Waits until every follower has come to these ends of the streams, or the time is up; whether they have. */
  async settle(ends: readonly (readonly [stream: string, seq: number])[], withinMs: number): Promise<boolean> {
    const heads = new Map(ends);
    const isSettled = (): boolean => followers.every(({ notebook }) => notebook.hasReached(heads));
    return eventually(isSettled, "the ends", withinMs).catch(() => false);
  },
  /** Ends everybody, and tells what they saw. */
  async testify(): Promise<Testimony> {
    stopping.abort();
    await Promise.all([sending, ...followers.map(({ ended }) => ended)]);
    return { sent, followed: followers.map(({ notebook }) => notebook.toFollowed()), faults };
  },
};

export type ClientsCalls = typeof calls;

serveCalls(calls, async () => stopping.abort());
