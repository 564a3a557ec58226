import type { ApolloClient } from "@apollo/client";
import type { Me } from "../features/session/chat.context.js";
import { RoomsAbove, Shell } from "./shell.graphql.js";

/** Where the stream of events is followed from, and for whom. */
export interface Snapshot {
  readonly viewerCursor: string;
  readonly me: Me;
}

async function loadPage(client: ApolloClient, after: string | null) {
  const { data } = await client.query({ query: Shell, variables: { after }, fetchPolicy: "network-only" });
  if (!data) throw new Error("The server sent no rooms");
  return data;
}

/** Answers the place to read on upwards from, when there is more. */
async function loadPageAbove(client: ApolloClient, before: string): Promise<string | null> {
  const { data } = await client.query({ query: RoomsAbove, variables: { before }, fetchPolicy: "network-only" });
  if (!data) throw new Error("The server sent no rooms");
  const { hasPreviousPage, startCursor } = data.chatRooms.pageInfo;
  return hasPreviousPage ? startCursor : null;
}

/**
 * Rooms move to the top when something happens in them: past the place that is being read, one would be on no page. All
 * that move pass the old top, so that reading upwards from there finds each.
 */
async function loadAbove(client: ApolloClient, top: string): Promise<void> {
  let before: string | null = top;
  while (before !== null) before = await loadPageAbove(client, before);
}

/** Reads all of the viewer's rooms into the cache. */
export async function loadSnapshot(client: ApolloClient): Promise<Snapshot> {
  const first = await loadPage(client, null);
  const top = first.chatRooms.edges[0]?.cursor;
  let { pageInfo } = first.chatRooms;
  const isLong = pageInfo.hasNextPage;
  while (pageInfo.hasNextPage) pageInfo = (await loadPage(client, pageInfo.endCursor)).chatRooms.pageInfo;
  if (isLong && top) await loadAbove(client, top);
  const { id, chatUsername, chatDisplayName } = first.chatViewer;
  const username = chatUsername ?? id;
  // The first page's head: what happens while later pages are read is followed from there.
  return { viewerCursor: first.chatRooms.headCursor, me: { id, username, name: chatDisplayName ?? username } };
}
