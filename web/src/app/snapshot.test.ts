import { expect, it } from "@jest/globals";
import { ApolloClient, ApolloLink } from "@apollo/client";
import { of } from "rxjs";
import { createCache } from "../lib/cache.js";
import { JOHN, roomOf, shownRooms } from "../test/events.js";
import { loadSnapshot } from "./snapshot.js";

const PAGE = 2;

/** A server with rooms of which the last one becomes the first as soon as the first page is read. */
function createServer(ids: readonly string[]) {
  let order = [...ids];
  const answer = ({ after, before }: Readonly<Record<string, unknown>>) => {
    const [from, to] = [
      order.findIndex((id) => id === after) + 1,
      typeof before === "string" ? order.indexOf(before) : order.length,
    ];
    const page = before ? order.slice(Math.max(0, to - PAGE), to) : order.slice(from, from + PAGE);
    const [first, last] = [page[0] ?? null, page.at(-1) ?? null];
    const chatRooms = {
      __typename: "ChatRoomConnection",
      headCursor: after || before ? "viewer:9" : "viewer:5",
      edges: page.map((id) => ({ __typename: "ChatRoomEdge", cursor: id, node: roomOf(id) })),
      pageInfo: {
        __typename: "PageInfo",
        hasNextPage: last !== null && order.indexOf(last) < order.length - 1,
        hasPreviousPage: first !== null && order.indexOf(first) > 0,
        startCursor: first,
        endCursor: last,
      },
    };
    if (!after && !before) order = [...order.slice(-1), ...order.slice(0, -1)];
    return { chatViewer: JOHN, chatProjects: [], chatRooms };
  };
  const cache = createCache();
  const link = new ApolloLink((operation) => of({ data: answer(operation.variables) }));
  return { cache, client: new ApolloClient({ cache, link }) };
}

it("finds a room that moves to the top while the pages below are being read", async () => {
  const { cache, client } = createServer(["1", "2", "3", "4", "5"]);
  const snapshot = await loadSnapshot(client);
  expect(
    shownRooms(cache)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(["1", "2", "3", "4", "5"]);
  expect(snapshot).toEqual({ viewerCursor: "viewer:5", me: { id: "1", username: "john", name: "John Doe" } });
});
