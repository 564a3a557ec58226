import { afterAll, afterEach, beforeAll, beforeEach } from "@jest/globals";
import type { Project, User } from "../features/directory/directory.js";
import type { Room } from "../features/rooms/room.js";
import { startGraphqlWorld, type GraphqlWorld } from "./graphql-world.js";
import { hangUp } from "./raw-socket.js";

/** John and Jane in a room, all three of them new for each test, in a project that they share with those of other tests. */
export interface PairRoom {
  readonly graph: GraphqlWorld;
  readonly project: Project;
  readonly john: User;
  readonly jane: User;
  readonly room: Room;
  /** Another one for each test: for names of its own. */
  readonly people: number;
}

/** Opens one world for a file's tests, and hands each of them its room before it begins. */
export function pairRooms(take: (pair: PairRoom) => Promise<void> | void): void {
  let graph: GraphqlWorld;
  let project: Project;
  let people = 0;
  beforeAll(async () => {
    graph = await startGraphqlWorld();
    project = await graph.world.project("apollo");
  });
  beforeEach(async () => {
    people += 1;
    const john = await graph.world.person(`john${people}`, project);
    const jane = await graph.world.person(`jane${people}`, project);
    const room = await graph.world.group(project, john, jane);
    await take({ graph, project, john, jane, room, people });
  });
  afterEach(hangUp);
  afterAll(() => graph.close());
}
