import { afterEach, beforeEach, expect, it, jest } from "@jest/globals";
import { ApolloClient, ApolloLink } from "@apollo/client";
import { ApolloProvider } from "@apollo/client/react";
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { EMPTY } from "rxjs";
import { chatFor } from "../../test/chat.js";
import { createStream, ready } from "../../test/event-stream.js";
import { deleted } from "../../test/events.js";
import { said, takeSaid } from "../../ui/notices.js";
import { ChatContext } from "../session/chat.context.js";
import { useRoomEditing } from "./use-room-editing.js";

/** John edits the messages of a room, the first of which he has changed. */
function renderEditing() {
  const { stream, cache, push } = createStream();
  const client = new ApolloClient({ cache, link: new ApolloLink(() => EMPTY) });
  const chat = { ...chatFor(client), stream };
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <ApolloProvider client={client}>
      <ChatContext value={chat}>{children}</ChatContext>
    </ApolloProvider>
  );
  const { result } = renderHook(() => useRoomEditing("1", () => undefined), { wrapper });
  window.localStorage.setItem("parley.edit.1.1.42", "Changed here");
  return { push, edit: (messageId: string | null) => act(() => result.current.edit(messageId)) };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  cleanup();
  window.localStorage.clear();
  takeSaid();
  jest.useRealTimers();
});

it("who goes on to another message is told that the changes are kept", () => {
  const { edit } = renderEditing();
  edit("42");
  edit("43");
  expect(said.get()).toMatchObject([{ kind: "info", words: expect.stringContaining("Your changes are kept") }]);
});

it("who edited a message that was deleted meanwhile is told nothing of the kind: it can't be edited again", async () => {
  const { edit, push } = renderEditing();
  edit("42");
  await act(() => push(ready, deleted(11, 42, null)));
  edit("43");
  expect(said.get()).toEqual([]);
});
