import { startWorker, type Worker } from "../bench/worker.js";
import type { ClientsCalls, Counts, Testimony } from "./clients.process.js";
import type { FollowerPlan } from "./following.js";
import type { Log } from "./history.js";
import type { SenderPlan } from "./sender.js";

/** Senders and followers, in processes of their own. */
export interface Crowd {
  /** Resolves once each of them follows. */
  follow(plans: readonly FollowerPlan[]): Promise<void>;
  /** Resolves once all that the plans say was sent, or given up. */
  send(plans: readonly SenderPlan[]): Promise<void>;
  /** Those who go on after their plan may stop. */
  finish(): Promise<void>;
  counts(): Promise<Counts>;
  /** Waits until every follower has come to the end of each log, or the time is up; whether they have. */
  settle(logs: readonly Log[], withinMs: number): Promise<boolean>;
  /** Ends everybody, and tells what they saw. */
  testify(): Promise<Testimony>;
  stop(): Promise<void>;
}

export interface CrowdOptions {
  readonly processes: number;
  /** The nodes' addresses. */
  readonly urls: readonly string[];
  readonly secret: string;
  readonly seed: number;
}

/** Each process gets some of those who follow and some of those who send. */
export async function startCrowd({ processes, ...start }: CrowdOptions): Promise<Crowd> {
  const workers = Array.from({ length: processes }, () => startWorker<ClientsCalls>("../chaos/clients.process"));
  await Promise.all(workers.map((worker, index) => worker.call("start", { ...start, seed: start.seed + index })));
  const share = <Plan>(plans: readonly Plan[], index: number): readonly Plan[] =>
    plans.filter((_plan, place) => place % processes === index);
  const ofAll = <Result>(ask: (worker: Worker<ClientsCalls>, index: number) => Promise<Result>): Promise<Result[]> =>
    Promise.all(workers.map(ask));
  return {
    async follow(plans) {
      await ofAll((worker, index) => worker.call("follow", share(plans, index)));
    },
    async send(plans) {
      await ofAll((worker, index) => worker.call("send", share(plans, index)));
    },
    finish: async () => void (await ofAll((worker) => worker.call("finish"))),
    counts: async () => sumOf(await ofAll((worker) => worker.call("counts"))),
    async settle(logs, withinMs) {
      const ends = logs.map(({ stream, entries }) => [stream, entries.length] as const);
      return (await ofAll((worker) => worker.call("settle", ends, withinMs))).every((isSettled) => isSettled);
    },
    async testify() {
      const told = await ofAll((worker) => worker.call("testify"));
      return {
        sent: told.flatMap(({ sent }) => sent),
        followed: told.flatMap(({ followed }) => followed),
        faults: told.flatMap(({ faults }) => faults),
      };
    },
    stop: async () => void (await ofAll((worker) => worker.stop())),
  };
}

function sumOf(counts: readonly Counts[]): Counts {
  const sum = (name: keyof Counts): number => counts.reduce((total, each) => total + each[name], 0);
  return {
    tries: sum("tries"),
    acknowledged: sum("acknowledged"),
    finished: sum("finished"),
    delivered: sum("delivered"),
    resumes: sum("resumes"),
  };
}
