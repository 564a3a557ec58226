import { afterAll, afterEach, beforeAll, beforeEach } from "@jest/globals";
import type { Project, User } from "../features/directory/directory.js";
import type { Room } from "../features/rooms/room.js";
import { redisPrefixOf, startServerNode, type ServerNode } from "./node.js";
import { forgetPrefix } from "./redis.js";
import { createWorld, openPostgresTestDatabase, type World } from "./world.js";

/** Two nodes on one database and Redis, new ones for each test, and two people in a room of their own. */
export interface TwoNodes {
  readonly world: World;
  readonly project: Project;
  readonly john: User;
  readonly jane: User;
  readonly room: Room;
  readonly a: ServerNode;
  readonly b: ServerNode;
}

/** Opens one world for a file's tests, and hands each of them its nodes before it begins. */
export function twoNodes(take: (nodes: TwoNodes) => void, env: Record<string, string> = {}): void {
  let world: World;
  let project: Project;
  let nodes: readonly ServerNode[] = [];
  let people = 0;
  beforeAll(async () => {
    world = await createWorld({ database: await openPostgresTestDatabase() });
    project = await world.project("apollo");
  });
  beforeEach(async () => {
    people += 1;
    const john = await world.person(`john${people}`, project);
    const jane = await world.person(`jane${people}`, project);
    const room = await world.group(project, john, jane);
    const [a, b] = [
      closedOnce(await startServerNode(world, { env })),
      closedOnce(await startServerNode(world, { env })),
    ];
    nodes = [a, b];
    take({ world, project, john, jane, room, a, b });
  });
  afterEach(async () => {
    for (const node of nodes) await node.close();
    await forgetPrefix(await redisPrefixOf(world));
  });
  afterAll(() => world.close());
}

/** A test may close it itself. */
function closedOnce(node: ServerNode): ServerNode {
  let closing: Promise<void> | undefined;
  return { ...node, close: () => (closing ??= node.close()) };
}
