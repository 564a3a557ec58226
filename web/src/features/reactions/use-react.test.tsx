import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { ApolloClient, ApolloLink, Observable } from "@apollo/client";
import { ApolloProvider } from "@apollo/client/react";
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { chatFor } from "../../test/chat.js";
import { createStream, ready } from "../../test/event-stream.js";
import { cacheWith, JANE, JOHN, messageOf } from "../../test/events.js";
import type { ChatEvent } from "../events/chat-events.graphql.js";
import { ChatContext, type Chat } from "../session/chat.context.js";
import { MessageReactions } from "./reaction.cache.js";
import { useReact } from "./use-react.js";

const THUMB = "👍";

const reacted = (kind: "ChatReactionAdded" | "ChatReactionRemoved", seq: number, count: number): ChatEvent => ({
  __typename: kind,
  cursor: `room1:${seq}`,
  seq,
  roomId: "1",
  messageId: "1",
  reaction: { __typename: "MessageReaction", id: "7", emoji: THUMB, user: JOHN },
  group: { __typename: "ChatReactionCount", emoji: THUMB, count },
});

/** John, whose reactions are answered when the test says so. */
function renderReact() {
  const cache = cacheWith([messageOf(1, JANE, 0)]);
  const { stream, push } = createStream(cache);
  const answers: (() => void)[] = [];
  const asked: (string | undefined)[] = [];
  const link = new ApolloLink(
    ({ operationName }) =>
      new Observable((observer) => {
        asked.push(operationName);
        answers.push(() => {
          observer.next({ data: { addMessageReaction: { reaction: { __typename: "MessageReaction", id: "7" } } } });
          observer.complete();
        });
      }),
  );
  const client = new ApolloClient({ cache, link });
  const chat: Chat = { ...chatFor(client), stream };
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <ChatContext value={chat}>
      <ApolloProvider client={client}>{children}</ApolloProvider>
    </ChatContext>
  );
  const { result } = renderHook(() => useReact("1"), { wrapper });
  const shown = () =>
    cache
      .readFragment({ id: "ChatMessage:1", fragment: MessageReactions })
      ?.reactionGroups.map(({ emoji, count, viewerHasReacted }) => ({ emoji, count, viewerHasReacted }));
  const answer = () => act(async () => answers.shift()?.());
  const { react, takeBack } = result.current;
  return { react, takeBack, asked, push, answer, shown, stop: () => stream.stop() };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  cleanup();
  jest.useRealTimers();
});

describe("the answer to one’s own reaction", () => {
  it("shows it when no event has yet", async () => {
    const { react, answer, shown, stop } = renderReact();
    react(THUMB);
    await answer();
    expect(shown()).toEqual([{ emoji: THUMB, count: 1, viewerHasReacted: true }]);
    stop();
  });

  it("is waited for before the next change is made, so that the last one holds", async () => {
    const { react, takeBack, asked, answer, stop } = renderReact();
    react(THUMB);
    takeBack(THUMB);
    expect(asked).toEqual(["AddMessageReaction"]);
    await answer();
    expect(asked).toEqual(["AddMessageReaction", "RemoveMessageReaction"]);
    await answer();
    stop();
  });

  it("does not bring back what was taken back elsewhere while it was on its way", async () => {
    const { react, push, answer, shown, stop } = renderReact();
    react(THUMB);
    await push(ready, reacted("ChatReactionAdded", 11, 1), reacted("ChatReactionRemoved", 12, 0));
    await answer();
    expect(shown()).toEqual([]);
    stop();
  });
});
