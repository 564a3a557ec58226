import type { Delivery } from "../../features/feed/room-event.js";
import type { Feed } from "../../features/feed/feed.node.js";
import { DomainError } from "../../platform/errors.js";
import { Loaders } from "../../platform/loaders.js";
import type { Operation } from "../../platform/operation.js";
import type { Database } from "../../platform/orm.js";
import type { Actor, HostScope, Scope, Services } from "../../platform/scope.js";
import { primeLoaders } from "./event.js";

/** What the process has for every operation. */
export interface GraphqlServices {
  readonly database: Database;
  readonly services: Services;
  readonly feed: Feed;
}

/** What a person's operation reads with. */
interface Reads {
  readonly scope: Scope;
  readonly loaders: Loaders;
}

/** The context of one GraphQL operation. A subscription outlives many events: each gets a fresh scope and loaders. */
export class GraphqlOperation implements Operation {
  private current: Reads | undefined;

  constructor(
    private readonly caller: Actor | "host",
    readonly process: GraphqlServices,
    readonly beginUpload: () => void = () => {},
  ) {
    this.renew();
  }

  get actor(): Actor {
    return this.scope.actor;
  }

  get scope(): Scope {
    return this.reads.scope;
  }

  get loaders(): Loaders {
    return this.reads.loaders;
  }

  get host(): HostScope {
    if (this.caller !== "host")
      throw new DomainError("FORBIDDEN", "Only the host product may do this, with its service token.");
    const { database, services } = this.process;
    return { caller: "host", em: database.fork(), services };
  }

  forget(): void {
    this.current?.loaders.clear();
  }

  /** Begins with the next event of a subscription. */
  renewFor(delivery: Delivery): void {
    this.renew();
    primeLoaders(this.loaders, delivery);
  }

  private get reads(): Reads {
    if (this.current === undefined)
      throw new DomainError(
        "FORBIDDEN",
        "The service token is for upsertChatUsers and upsertChatProjects alone. For everything else use a person's token.",
      );
    return this.current;
  }

  private renew(): void {
    if (this.caller === "host") return;
    const { database, services } = this.process;
    const scope = { actor: this.caller, em: database.fork(), services };
    this.current = { scope, loaders: new Loaders(scope) };
  }
}
