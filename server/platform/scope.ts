import type { SqlEntityManager } from "@mikro-orm/sql";
import type { Logger } from "pino";
import type { UserId } from "./ids.js";
import type { Leases } from "./leases/leases.js";
import type { PubSub } from "./pubsub/pubsub.js";
import type { RateLimiter } from "./rates/rate-limiter.js";
import type { Refusals } from "./refusals.js";
import type { RevokedTokens } from "./revoked-tokens.js";
import type { PathSigner } from "./signed-path.js";
import type { Storage } from "./storage/storage.js";
import type { TempFolder } from "./temp-folder.js";
import type { Clock } from "./time.js";
import type { Via } from "./via.js";

/** Who is asking: the local copy of the person whom the token names. */
export interface Actor {
  readonly id: UserId;
  readonly hostId: string;
  readonly username: string;
  readonly displayName: string;
}

/** Where the files that people send are kept, and where they are while they come in. */
export interface FileStore {
  readonly storage: Storage;
  readonly incoming: TempFolder;
  /** The largest that is taken, in bytes. */
  readonly maxBytes: number;
}

/** The files that people send, with who signs their addresses. */
export interface Files extends FileStore {
  readonly signer: PathSigner;
  /** What stands before an address: the public origin, or nothing where that is not known. */
  readonly origin: string;
}

/** What a process has one of, and every operation may use. */
export interface Services {
  readonly pubsub: PubSub;
  readonly leases: Leases;
  readonly limiter: RateLimiter;
  readonly files: Files;
  readonly revokedTokens: RevokedTokens;
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Everything that a verb needs, made once for each operation. */
export interface Scope {
  readonly actor: Actor;
  readonly via: Via;
  readonly em: SqlEntityManager;
  readonly services: Services;
}

/** What a verb of the host product's own gets: it has shown the service token, and there is no person behind it. */
export interface HostScope {
  readonly caller: "host";
  readonly via: Via;
  readonly em: SqlEntityManager;
  readonly services: Services;
}
