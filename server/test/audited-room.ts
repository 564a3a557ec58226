import { afterAll, afterEach, beforeAll, beforeEach } from "@jest/globals";
import { auditTrail } from "../features/audit/audit.queries.js";
import { auditQuery, type AuditLine } from "../features/audit/audit.js";
import type { Project, User } from "../features/directory/directory.js";
import type { Room } from "../features/rooms/room.js";
import { startGraphqlWorld, type GraphqlWorld } from "./graphql-world.js";
import { hangUp } from "./raw-socket.js";

/** John and Jane in a room, Bob in their project, all of them new for each test, and what the audit trail has. */
export interface AuditedRoom {
  readonly graph: GraphqlWorld;
  readonly project: Project;
  readonly john: User;
  readonly jane: User;
  readonly bob: User;
  readonly room: Room;
  trail(query: object): Promise<readonly AuditLine[]>;
  /** A call of REST's, below `/api/chat`. */
  post(user: User, path: string, body?: object): Promise<Response>;
}

/** Opens one world for a file's tests, and hands each of them its room before it begins. */
export function auditedRooms(take: (room: AuditedRoom) => void): void {
  let graph: GraphqlWorld;
  let rooms = 0;
  beforeAll(async () => {
    graph = await startGraphqlWorld();
  });
  beforeEach(async () => {
    rooms += 1;
    const project = await graph.world.project(`apollo${rooms}`);
    const john = await graph.world.person(`john${rooms}`, project);
    const jane = await graph.world.person(`jane${rooms}`, project);
    const bob = await graph.world.person(`bob${rooms}`, project);
    const room = await graph.world.group(project, john, jane);
    take({ graph, project, john, jane, bob, room, trail, post });
  });
  afterEach(hangUp);
  afterAll(() => graph.close());

  const trail: AuditedRoom["trail"] = (query) => auditTrail(graph.world.database.fork(), auditQuery.parse(query));

  const post: AuditedRoom["post"] = async (user, path, body = {}) =>
    fetch(`${graph.server.url}/api/chat${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${await graph.token(user)}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
}
