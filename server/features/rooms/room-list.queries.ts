import { parseId } from "../../platform/ids.js";
import type { Scope } from "../../platform/scope.js";
import type { ProjectId } from "../directory/directory.js";
import { listRooms, listRoomsOfProjects } from "./room.queries.js";
import type { ViewedRoom } from "./room.js";

/** As many as there can be. */
const EVERYTHING = { from: "start", limit: 2 ** 31 - 2 } as const;

/**
 * All rooms that the actor is in, latest activity first.
 * @param project only those of this project, as a client named it; of one that is absent or not the actor's there are none
 */
export async function allRooms({ actor, em }: Scope, project: string | undefined): Promise<readonly ViewedRoom[]> {
  if (project === undefined) return listRooms(em, actor.id, EVERYTHING);
  const projectId = parseId<ProjectId>(project);
  const [rooms = []] = projectId === undefined ? [] : await listRoomsOfProjects(em, actor.id, [projectId], EVERYTHING);
  return rooms;
}
