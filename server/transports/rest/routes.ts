import type { UpsertCounts } from "../../features/directory/host-rows.js";
import { upsertProjects, upsertUsers } from "../../features/rooms/host.actions.js";
import type { HostScope } from "../../platform/scope.js";

/** One call of the host product's: which verb takes the rows, and what they are called. */
export interface HostRoute {
  readonly method: "PUT";
  /** Served with and without a slash at the end. */
  readonly path: string;
  readonly rows: string;
  readonly verb: (scope: HostScope, input: unknown) => Promise<UpsertCounts>;
}

export const hostRoutes: readonly HostRoute[] = [
  { method: "PUT", path: "/api/chat/admin/users", rows: "users", verb: upsertUsers },
  { method: "PUT", path: "/api/chat/admin/projects", rows: "projects", verb: upsertProjects },
];
