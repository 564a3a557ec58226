import { parseId } from "../../platform/ids.js";
import type { Scope } from "../../platform/scope.js";
import type { ProjectId } from "../directory/directory.js";
import { listRooms, type RoomList } from "./room.queries.js";

export type ListedRooms = Pick<RoomList, "rooms" | "users">;

/** As many as there can be. */
const EVERYTHING = { from: "start", limit: 2 ** 31 - 2 } as const;

/**
 * All rooms that the actor is in, latest activity first, with their owners and creators.
 * @param project only those of this project, as a client named it; of one that is absent or not the actor's there are none
 */
export async function allRooms({ actor, em }: Scope, project: string | undefined): Promise<ListedRooms> {
  const projectId = project === undefined ? undefined : parseId<ProjectId>(project);
  if (project !== undefined && projectId === undefined) return { rooms: [], users: [] };
  return listRooms(em, actor.id, EVERYTHING, projectId === undefined ? undefined : [projectId]);
}
