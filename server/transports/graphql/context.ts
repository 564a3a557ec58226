import type { GraphQLError } from "graphql";
import type { Delivery } from "../../features/feed/room-event.js";
import type { SharedReader } from "../../features/feed/feed.offer.js";
import type { Feed } from "../../features/feed/feed.node.js";
import type { Deadline } from "../../platform/deadline.js";
import { DomainError } from "../../platform/errors.js";
import { NOBODYS_ID } from "../../platform/ids.js";
import { Loaders } from "../../platform/loaders.js";
import type { Operation } from "../../platform/operation.js";
import type { Database } from "../../platform/orm.js";
import type { Actor, HostScope, Scope, Services } from "../../platform/scope.js";
import { noteRefusal } from "../../platform/refusals.js";
import type { Via } from "../../platform/via.js";
import { primeLoaders } from "./event.js";

/** What the process has for every operation. */
export interface GraphqlServices {
  readonly database: Database;
  readonly services: Services;
  readonly feed: Feed;
}

/** Who sees what everybody in a room sees, and nothing that is read for who asks. */
export const nobody: Actor = { id: NOBODYS_ID, hostId: "", username: "", displayName: "" };

/** What a person's operation reads with. */
interface Reads {
  readonly scope: Scope;
  readonly loaders: Loaders;
}

/** How an operation came in; what is done for all at once came in by none. */
export interface OperationWay {
  readonly via?: Via | undefined;
  readonly beginUpload?: () => void;
  readonly deadline?: Deadline | undefined;
  readonly shared?: Pick<SharedReader, "view" | "send"> | undefined;
}

const NO_WAY: Via = { transport: "graphql", address: "", requestId: "" };

/** The context of one GraphQL operation. A subscription outlives many events: each gets a fresh scope and loaders. */
export class GraphqlOperation implements Operation {
  private current: Reads | undefined;
  private delivery: Delivery | undefined;

  constructor(
    private readonly caller: Actor | "host",
    readonly process: GraphqlServices,
    private readonly way: OperationWay = {},
  ) {
    this.renew();
  }

  /** How a subscription takes results that were made for all. */
  get shared(): OperationWay["shared"] {
    return this.way.shared;
  }

  get deadline(): Deadline | undefined {
    return this.way.deadline;
  }

  get beginUpload(): () => void {
    return this.way.beginUpload ?? (() => {});
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
    return { caller: "host", via: this.via, em: database.fork(), services };
  }

  forget(): void {
    this.current?.loaders.clear();
  }

  /** What of these refuses access is counted for the audit trail. */
  noteRefusals(errors: readonly GraphQLError[]): void {
    const isHost = this.caller === "host";
    const who = { actorId: this.caller === "host" ? null : this.caller.id, isHost, via: this.via };
    for (const { originalError } of errors) noteRefusal(this.process.services.refusals, who, originalError);
  }

  private get via(): Via {
    return this.way.via ?? NO_WAY;
  }

  /** Begins with the next event of a subscription. */
  renewFor(delivery: Delivery): void {
    this.delivery = delivery;
    this.renew();
    primeLoaders(this.loaders, delivery);
  }

  /** Begins with the same event anew: what could not be read is read again. */
  renewAgain(): void {
    if (this.delivery !== undefined) this.renewFor(this.delivery);
  }

  private get reads(): Reads {
    if (this.current === undefined)
      throw new DomainError(
        "FORBIDDEN",
        "The service token is for upsertChatUsers, upsertChatProjects and revokeChatTokens alone. For everything else use a person's token.",
      );
    return this.current;
  }

  private renew(): void {
    if (this.caller === "host") return;
    const scope = scopeOf({ actor: this.caller, via: this.via, deadline: this.deadline }, this.process);
    this.current = { scope, loaders: new Loaders(scope) };
  }
}

type Who = Pick<Scope, "actor" | "via"> & { readonly deadline: Deadline | undefined };

/**
 * Its entity manager is made when something is read: most events of a subscription read nothing. When time is up there is
 * none, so that nothing more is read for an answer that was given.
 */
function scopeOf({ actor, via, deadline }: Who, { database, services }: GraphqlServices): Scope {
  let em: Scope["em"] | undefined;
  return {
    actor,
    via,
    services,
    get em() {
      deadline?.require();
      return (em ??= database.fork());
    },
  };
}
