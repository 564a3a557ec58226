import { afterEach, expect, it } from "@jest/globals";
import { ApolloProvider } from "@apollo/client/react";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { createMemoryStorage } from "../../lib/outbox-storage.js";
import { Outbox } from "../../lib/outbox.js";
import { createChat } from "../../test/chat.js";
import { ChatContext } from "../session/chat.context.js";
import { RoomListItem, RoomListItemFragmentDocument } from "./room-list-item.js";

const refusal = Object.assign(new Error("No"), { extensions: { code: "FORBIDDEN" } });

function renderRoom(address: string) {
  const send = () => Promise.reject(refusal);
  const chat = { ...createChat(), outbox: new Outbox({ userId: "1", storage: createMemoryStorage(), send }) };
  const data = {
    __typename: "ChatRoom" as const,
    id: "7",
    type: "GROUP" as const,
    displayName: "Design",
    unreadCount: 0,
    unreadMentionCount: 0,
    lastMessage: null,
    participants: [],
  };
  const { cache } = chat.client;
  cache.writeFragment({ fragment: RoomListItemFragmentDocument, fragmentName: "RoomListItem", data });
  render(
    <MemoryRouter initialEntries={[address]}>
      <ApolloProvider client={chat.client}>
        <ChatContext value={chat}>
          <RoomListItem isTabStop room={{ ...data, " $fragmentRefs": { RoomListItemFragment: data } }} />
        </ChatContext>
      </ApolloProvider>
    </MemoryRouter>,
  );
  return chat;
}

afterEach(cleanup);

it("a room says in the list that a message of one's own was refused there while one is elsewhere", async () => {
  const { outbox } = renderRoom("/rooms/1");
  screen.getByText("No messages yet");
  void outbox.add("7", "Words that matter");
  await screen.findByText("A message was not sent");
});

it("the open room leaves it to its feed", async () => {
  const { outbox } = renderRoom("/rooms/7");
  void outbox.add("7", "Words that matter");
  await waitFor(() => expect(outbox.entries.get()[0]?.state).toBe("failed"));
  expect(screen.queryByText("A message was not sent")).toBeNull();
});
