import { afterEach } from "@jest/globals";
import { startClient, type ClientPerson } from "./client-world.js";
import { pairRooms, type PairRoom } from "./pair-room.js";

/** John and Jane, new ones for each test, in a room of their own, each with the client of client/. */
export interface ClientPair extends PairRoom {
  /** John's. */
  readonly of: ClientPerson;
  /** Jane's. */
  readonly other: ClientPerson;
}

/** Opens one world for a file's tests, and hands each of them its pair before it begins. */
export function clientPairs(take: (pair: ClientPair) => Promise<void> | void): void {
  let clients: readonly ClientPerson[] = [];
  pairRooms(async (pair) => {
    const [of, other] = [await startClient(pair.graph, pair.john), await startClient(pair.graph, pair.jane)];
    clients = [of, other];
    await take({ ...pair, of, other });
  });
  afterEach(() => Promise.all(clients.map((client) => client.close())));
}

export const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no failure",
    (error: unknown) => error,
  );
