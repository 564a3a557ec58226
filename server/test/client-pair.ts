import { afterAll, afterEach, beforeAll, beforeEach } from "@jest/globals";
import type { Project, User } from "../features/directory/directory.js";
import type { Room } from "../features/rooms/room.js";
import { startClient, type ClientPerson } from "./client-world.js";
import { startGraphqlWorld, type GraphqlWorld } from "./graphql-world.js";

/** John and Jane, new ones for each test, in a room of their own, each with the client of client/. */
export interface ClientPair {
  readonly graph: GraphqlWorld;
  readonly project: Project;
  readonly john: User;
  readonly jane: User;
  readonly room: Room;
  /** John's. */
  readonly of: ClientPerson;
  /** Jane's. */
  readonly other: ClientPerson;
}

/** Opens one world for a file's tests, and hands each of them its pair before it begins. */
export function clientPairs(take: (pair: ClientPair) => Promise<void> | void): void {
  let graph: GraphqlWorld;
  let project: Project;
  let clients: readonly ClientPerson[] = [];
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
    const [of, other] = [await startClient(graph, john), await startClient(graph, jane)];
    clients = [of, other];
    await take({ graph, project, john, jane, room, of, other });
  });
  afterEach(() => Promise.all(clients.map((client) => client.close())));
  afterAll(() => graph.close());
}

export const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no failure",
    (error: unknown) => error,
  );
