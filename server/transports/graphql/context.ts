import type { Delivery } from "../../features/feed/room-event.js";
import type { Feed } from "../../features/feed/feed.node.js";
import { Loaders } from "../../platform/loaders.js";
import type { Operation } from "../../platform/operation.js";
import type { Database } from "../../platform/orm.js";
import type { Actor, Scope, Services } from "../../platform/scope.js";
import { primeLoaders } from "./event.js";

/** What the process has for every operation. */
export interface GraphqlServices {
  readonly database: Database;
  readonly services: Services;
  readonly feed: Feed;
}

/** The context of one GraphQL operation. A subscription outlives many events: each gets a fresh scope and loaders. */
export class GraphqlOperation implements Operation {
  private current: Operation;

  constructor(
    readonly actor: Actor,
    readonly process: GraphqlServices,
  ) {
    this.current = this.fresh();
  }

  get scope(): Scope {
    return this.current.scope;
  }

  get loaders(): Loaders {
    return this.current.loaders;
  }

  /** Begins with the next event of a subscription. */
  renewFor(delivery: Delivery): void {
    this.current = this.fresh();
    primeLoaders(this.current.loaders, delivery);
  }

  private fresh(): Operation {
    const { database, services } = this.process;
    const scope = { actor: this.actor, em: database.fork(), services };
    return { scope, loaders: new Loaders(scope) };
  }
}
