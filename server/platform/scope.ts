import type { SqlEntityManager } from "@mikro-orm/sql";
import type { Logger } from "pino";
import type { UserId } from "./ids.js";
import type { Leases } from "./leases/leases.js";
import type { PubSub } from "./pubsub/pubsub.js";
import type { Clock } from "./time.js";

/** Who is asking: the local copy of the person whom the token names. */
export interface Actor {
  readonly id: UserId;
  readonly hostId: string;
  readonly username: string;
  readonly displayName: string;
}

/** What a process has one of, and every operation may use. */
export interface Services {
  readonly pubsub: PubSub;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Everything that a verb needs, made once for each operation. */
export interface Scope {
  readonly actor: Actor;
  readonly em: SqlEntityManager;
  readonly services: Services;
}

/** What a verb of the host product's own gets: it has shown the service token, and there is no person behind it. */
export interface HostScope {
  readonly caller: "host";
  readonly em: SqlEntityManager;
  readonly services: Services;
}
