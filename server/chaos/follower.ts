import { followByGraphql } from "./follower.graphql.js";
import { followRaw } from "./follower.raw.js";
import type { FollowerPlan } from "./following.js";
import { Notebook } from "./notebook.js";
import { backoff, type Clients } from "./sender.js";

/** A follower, who is there until the clients end or the server says that they may not be. */
export interface Follower {
  readonly notebook: Notebook;
  /** Resolves once the server has said for the first time that they follow. */
  readonly isReady: Promise<void>;
  /** Resolves when they have stopped. */
  readonly ended: Promise<void>;
}

/** Follows, and resumes elsewhere whenever a connection ends, from the last event that was handled. */
export function startFollower(plan: FollowerPlan, clients: Clients): Follower {
  const name = plan.by === "chatEvents" ? `chatEvents of ${plan.user}` : `${plan.by} of ${plan.user} in ${plan.room}`;
  const notebook = new Notebook(name, plan.user);
  const { promise: isReady, resolve } = Promise.withResolvers<void>();
  const run = async (): Promise<void> => {
    const token = await clients.token(plan.user);
    const resume = plan.by === "raw" ? followRaw(plan.room) : followByGraphql(plan);
    let failures = 0;
    let first = plan.at === undefined ? undefined : clients.urls[plan.at];
    while (!clients.signal.aborted) {
      const ready = (): void => {
        failures = 0;
        resolve();
      };
      const url = first ?? clients.random.pick(clients.urls);
      first = undefined;
      if ((await resume({ url, token, clients, notebook, ready })) === "stop") return;
      clients.count("resumes");
      await backoff(clients, failures);
      failures += 1;
    }
  };
  return { notebook, isReady, ended: run() };
}
