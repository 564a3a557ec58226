import type { Deadline } from "./deadline.js";
import type { Loaders } from "./loaders.js";
import type { HostScope, Scope } from "./scope.js";

/**
 * What a GraphQL resolver gets: who asks and with what, and the reads of this operation. A person has `scope` and
 * `loaders`, the host product has `host`; to ask for the other's is FORBIDDEN.
 */
export interface Operation {
  readonly scope: Scope;
  readonly loaders: Loaders;
  readonly host: HostScope;
  /** Absent where an operation lives on, as a subscription does. */
  readonly deadline: Deadline | undefined;
  /** Reads again from here on: something has changed. */
  forget(): void;
  /** Lets an uploaded file come in: until a verb wants it, most of it waits outside. */
  readonly beginUpload: () => void;
}
