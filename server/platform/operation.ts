import type { Loaders } from "./loaders.js";
import type { Scope } from "./scope.js";

/** What a GraphQL resolver gets: who asks and with what, and the reads of this operation. */
export interface Operation {
  readonly scope: Scope;
  readonly loaders: Loaders;
}
