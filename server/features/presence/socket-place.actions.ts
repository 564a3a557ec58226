import type { UserId } from "../../platform/ids.js";
import type { Services } from "../../platform/scope.js";

/** So many sockets a person may have, over all transports and nodes. */
export const MAX_SOCKETS_PER_USER = 20;

/** Gives a place back. Never fails. */
type GiveBack = () => Promise<unknown>;

const placesOf = (id: UserId): readonly string[] =>
  Array.from({ length: MAX_SOCKETS_PER_USER }, (_, place) => `socket:${id}:${place}`);

/**
 * Takes one of a person's places for a socket, over all nodes: each place is a lease. A node that has died holds its own
 * until they fall free. When that can't be known just now the socket is let in: this node's own are counted besides.
 * @param ownCount how many this person has on this node, where to begin to look
 * @returns undefined when all are taken
 */
export async function takeSocketPlace(
  { leases }: Pick<Services, "leases">,
  id: UserId,
  ownCount: number,
): Promise<GiveBack | undefined> {
  const places = placesOf(id);
  const take = async (place: string): Promise<GiveBack | undefined> => {
    if (await leases.acquire(place)) return () => leases.release(place);
    await leases.release(place);
    return undefined;
  };
  // Who is on one node alone finds a place at once.
  const [likely] = places.slice(ownCount);
  const first = likely === undefined ? undefined : await take(likely);
  if (first !== undefined) return first;
  for (const [index, isHeld] of (await leases.held(places)).entries()) {
    if (isHeld === undefined) return async () => {};
    const place = places[index];
    const taken = isHeld || place === undefined ? undefined : await take(place);
    if (taken !== undefined) return taken;
  }
  return (await leases.held(places)).every((isHeld) => isHeld === true) ? undefined : async () => {};
}
