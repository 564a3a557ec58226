import { afterEach, beforeEach, expect, it, jest } from "@jest/globals";
import { ApolloClient, ApolloLink, Observable } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { ApolloProvider } from "@apollo/client/react";
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter, Route, Routes } from "react-router";
import type { Observer } from "rxjs";
import { chatFor } from "../../test/chat.js";
import { createStream, ready } from "../../test/event-stream.js";
import { deleted } from "../../test/events.js";
import { takeSaid } from "../../ui/notices.js";
import { ChatContext } from "../session/chat.context.js";
import { useDeleteMessage } from "./use-delete-message.js";

const KEY = "parley.edit.1.1.42";
const refusal = new CombinedGraphQLErrors({ errors: [{ message: "No", extensions: { code: "CONFLICT" } }] });

/** John deletes a message that he has changed, over a server that answers when the test says so. */
async function deleteChanged() {
  const asked: Observer<ApolloLink.Result>[] = [];
  const link = new ApolloLink(
    () => new Observable((observer: Observer<ApolloLink.Result>) => void asked.push(observer)),
  );
  const { stream, cache, push } = createStream();
  const client = new ApolloClient({ cache, link });
  const chat = { ...chatFor(client), stream };
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <ApolloProvider client={client}>
      <ChatContext value={chat}>
        <MemoryRouter initialEntries={["/rooms/1"]}>
          <Routes>
            <Route path="/rooms/:roomId" element={children} />
          </Routes>
        </MemoryRouter>
      </ChatContext>
    </ApolloProvider>
  );
  const { result } = renderHook(() => useDeleteMessage("42"), { wrapper });
  window.localStorage.setItem(KEY, "Changed here");
  result.current();
  const [question] = takeSaid();
  if (question?.kind !== "question") throw new Error("It asks first");
  let answered: Promise<unknown> = Promise.resolve();
  await act(async () => void (answered = question.onOk()));
  const done = () => act(async () => void (await answered));
  return {
    push,
    succeed: () => {
      asked[0]?.next({ data: { deleteChatMessage: { __typename: "DeleteChatMessagePayload", messageId: "42" } } });
      asked[0]?.complete();
      return done();
    },
    fail: (error: Error) => {
      asked[0]?.error(error);
      return done();
    },
  };
}

const kept = () => window.localStorage.getItem(KEY);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  cleanup();
  window.localStorage.clear();
  takeSaid();
  jest.useRealTimers();
});

it("a changed text is kept until its message is deleted, where a reload does not reach it, and then forgotten", async () => {
  const { succeed } = await deleteChanged();
  expect(kept()).toBe("Changed here");
  await succeed();
  expect(kept()).toBeNull();
});

it("a changed text is forgotten with the event, which may come before the answer, so that it is not given back", async () => {
  const { push, succeed } = await deleteChanged();
  await act(() => push(ready, deleted(11, 42, null)));
  expect(kept()).toBeNull();
  await succeed();
});

it("what was typed while a deletion was tried that failed stays as it is", async () => {
  const { fail } = await deleteChanged();
  window.localStorage.setItem(KEY, "Changed again, in another tab");
  await fail(refusal);
  expect(kept()).toBe("Changed again, in another tab");
  expect(takeSaid()).toMatchObject([{ kind: "error" }]);
});
