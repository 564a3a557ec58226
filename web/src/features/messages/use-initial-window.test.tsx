import { afterEach, describe, expect, it } from "@jest/globals";
import { ApolloClient, ApolloLink } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { ApolloProvider, useQuery } from "@apollo/client/react";
import { cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { of, throwError } from "rxjs";
import { chatFor } from "../../test/chat.js";
import { at, cacheWith, JANE, JOHN, messageOf, participantOf, roomOf, shownMessages } from "../../test/events.js";
import { ChatContext } from "../session/chat.context.js";
import { MessagesPage } from "./message-edge.graphql.js";
import { useInitialWindow } from "./use-initial-window.js";

afterEach(cleanup);

const notFound = new CombinedGraphQLErrors({ errors: [{ message: "No", extensions: { code: "NOT_FOUND" } }] });
const VARIABLES = { roomId: "1" };

/** What the server has around a message, or at the beginning of the room. */
function pageAt(around: unknown) {
  const cache = cacheWith([messageOf(Number(around ?? 1), JANE, 0)]);
  const chatRoom = cache.readQuery({ query: MessagesPage, variables: VARIABLES })?.chatRoom;
  if (!chatRoom) throw new Error("The cache holds no room");
  const { messages } = chatRoom;
  const pageInfo = { ...messages.pageInfo, hasPreviousPage: around !== undefined };
  return { chatRoom: { ...chatRoom, messages: { ...messages, pageInfo } } };
}

/** How far John has read: up to a message, or nothing of the room. */
const read = (messageId: string | null) => ({
  ...participantOf(1, JOHN),
  joinedAt: at(90),
  lastReadAt: messageId === null ? null : at(1),
  lastReadMessageId: messageId,
});

interface OpenedRoom {
  /** What the client knows of how far John has read, and what the server does. */
  readonly known: string | null;
  readonly actual: string | null;
  readonly jumpToId?: string;
}

/** John opens room 1, of which the client has the newest of many unread messages; the server has no message 7 any more. */
function openRoom({ known, actual, jumpToId }: OpenedRoom) {
  const room = roomOf("1", { participants: [read(known)], unreadCount: 200 });
  const cache = cacheWith([messageOf(300, JANE, 60)], true, room);
  const asked: unknown[] = [];
  const link = new ApolloLink(({ operationName, variables }) => {
    asked.push(operationName === "MessagesPage" ? variables : operationName);
    if (variables["around"] === "7") return throwError(() => notFound);
    if (operationName === "MessagesPage") return of({ data: pageAt(variables["around"]) });
    return of({ data: { chatRoom: { __typename: "ChatRoom", id: "1", participants: [read(actual)] } } });
  });
  const client = new ApolloClient({ cache, link });
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <ApolloProvider client={client}>
      <ChatContext value={chatFor(client)}>{children}</ChatContext>
    </ApolloProvider>
  );
  const useOpening = (): boolean => {
    const { data } = useQuery(MessagesPage, { variables: VARIABLES, fetchPolicy: "cache-only" });
    const window = data?.chatRoom?.messages;
    if (window === undefined) throw new Error("The cache holds no room");
    return useInitialWindow({ roomId: "1", unreadCount: 200, window, jumpToId: jumpToId ?? null });
  };
  const { result } = renderHook(useOpening, { wrapper });
  return { asked, isReady: () => result.current, shown: () => shownMessages(cache).map(({ id }) => id) };
}

describe("a room with more unread messages than the newest page", () => {
  it("opens at its first message when one has never read there, however many there are", async () => {
    const { asked, isReady, shown } = openRoom({ known: null, actual: null });
    expect(isReady()).toBe(false);
    await waitFor(() => expect(isReady()).toBe(true));
    expect([asked, shown()]).toEqual([[{ roomId: "1", first: 50 }], ["1"]]);
  });

  it("opens around the message that was read last", async () => {
    const { asked, isReady } = openRoom({ known: "5", actual: "5" });
    await waitFor(() => expect(isReady()).toBe(true));
    expect(asked).toEqual([{ roomId: "1", around: "5" }]);
  });

  it.each([
    ["around the one before", "5", { roomId: "1", around: "5" }, "5"],
    ["at the first one", null, { roomId: "1", first: 50 }, "1"],
  ])("opens %s when the message that was read last has been deleted since", async (_where, actual, last, there) => {
    const { asked, isReady, shown } = openRoom({ known: "7", actual });
    await waitFor(() => expect(isReady()).toBe(true));
    expect(asked).toEqual([{ roomId: "1", around: "7" }, "ReadPositionsOfRoom", last]);
    expect(shown()).toEqual([there]);
  });

  it("opens at its newest messages when a link leads to one that is gone", async () => {
    const { asked, isReady, shown } = openRoom({ known: "5", actual: "5", jumpToId: "7" });
    await waitFor(() => expect(isReady()).toBe(true));
    expect([asked, shown()]).toEqual([[{ roomId: "1", around: "7" }], ["300"]]);
  });
});
