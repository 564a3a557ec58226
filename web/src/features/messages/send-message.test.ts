import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { ApolloClient, ApolloLink, InMemoryCache, Observable } from "@apollo/client";
import { print } from "graphql";
import { EMPTY, type Observer } from "rxjs";
import { printForServer } from "../../lib/socket-document.js";
import { createStream, ready } from "../../test/event-stream.js";
import { at, cacheWith, deleted, JANE, JOHN, messageOf, sent, shownMessages } from "../../test/events.js";
import type { ChatEvent } from "../events/chat-events.graphql.js";
import { sendMessage } from "./send-message.js";

const KEY = "0d9fd7b4-4e0e-4c32-9a6c-5f6c0b7f6a1e";
const mine = messageOf(2, JOHN, 1, { clientMutationId: KEY });
const edited: ChatEvent = {
  __typename: "ChatMessageEdited",
  cursor: "room1:12",
  seq: 12,
  message: {
    ...mine,
    content: "changed elsewhere",
    isEdited: true,
    editedAt: at(2),
    room: { __typename: "ChatRoom", id: "1" },
  },
};

/** John sends "message 2", which is answered as it was stored when the test says so. */
function startSending() {
  const cache = cacheWith([messageOf(1, JANE, 0)]);
  const { stream, push, fail, loadSnapshot } = createStream(cache);
  const asked: Observer<ApolloLink.Result>[] = [];
  const link = new ApolloLink(
    () => new Observable((observer: Observer<ApolloLink.Result>) => void asked.push(observer)),
  );
  const send = sendMessage(new ApolloClient({ cache, link, dataMasking: true }), stream);
  const message = { clientMutationId: KEY, roomId: "1", content: "message 2", file: null, createdAt: at(1) };
  const done = send(message, { signal: new AbortController().signal, onProgress: () => undefined });
  const answer = async (): Promise<void> => {
    asked[0]?.next({ data: { sendChatMessage: { __typename: "SendChatMessagePayload", message: mine } } });
    asked[0]?.complete();
    await done;
  };
  return {
    push,
    loadSnapshot,
    /** All that was missed can't be told any more: everything is read afresh. */
    resync: () => fail([{ message: "Too old", extensions: { code: "RESYNC_REQUIRED" } }]),
    answer,
    texts: () => shownMessages(cache).map(({ id }) => readText(cache, id)),
    stop: () => stream.stop(),
  };
}

function readText(cache: ReturnType<typeof cacheWith>, id: string): unknown {
  return cache.extract()[`ChatMessage:${id}`]?.["content"];
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe("the answer to a message that one sends", () => {
  it("shows it when no event has yet", async () => {
    const { answer, texts, stop } = startSending();
    await answer();
    expect(texts()).toEqual(["message 1", "message 2"]);
    stop();
  });

  it("shows it once when the event is there first", async () => {
    const { push, answer, texts, stop } = startSending();
    await push(ready, sent(11, mine));
    await answer();
    expect(texts()).toEqual(["message 1", "message 2"]);
    stop();
  });

  it("takes nothing back of an edit that events have told meanwhile", async () => {
    const { push, answer, texts, stop } = startSending();
    await push(ready, sent(11, mine), edited);
    await answer();
    expect(texts()).toEqual(["message 1", "changed elsewhere"]);
    stop();
  });

  it("does not bring back what was deleted meanwhile", async () => {
    const { push, answer, texts, stop } = startSending();
    await push(ready, sent(11, mine), deleted(12, 2, messageOf(1, JANE, 0)));
    await answer();
    expect(texts()).toEqual(["message 1"]);
    stop();
  });

  it("does not bring back what a fresh snapshot no longer has", async () => {
    const { push, resync, answer, texts, stop } = startSending();
    await push(ready);
    await resync();
    await answer();
    expect(texts()).toEqual(["message 1"]);
    stop();
  });

  it("waits for a snapshot that is being read, however often that is tried, and then takes nothing of it back", async () => {
    const { push, resync, answer, texts, loadSnapshot, stop } = startSending();
    const read = Promise.withResolvers<string>();
    loadSnapshot.mockRejectedValueOnce(new Error("Away")).mockReturnValueOnce(read.promise);
    await push(ready);
    await resync();
    let isOver = false;
    const answered = answer().then(() => (isOver = true));
    await jest.advanceTimersByTimeAsync(60_000);
    expect([loadSnapshot.mock.calls.length, isOver]).toEqual([2, false]);
    read.resolve("viewer:9");
    await answered;
    expect(texts()).toEqual(["message 1"]);
    stop();
  });
});

it("goes out as the text that the build registers, which a server knows that executes no other", async () => {
  const texts: string[] = [];
  const link = new ApolloLink(({ query }) => {
    texts.push(print(query));
    return EMPTY;
  });
  const cache = cacheWith([]);
  const client = new ApolloClient({ cache, link, dataMasking: true });
  const mutate = jest.spyOn(client, "mutate");
  const message = { clientMutationId: KEY, roomId: "1", content: "message 2", file: null, createdAt: at(1) };
  const watch = { signal: new AbortController().signal, onProgress: () => undefined };
  await sendMessage(client, createStream(cache).stream)(message, watch).catch(() => undefined);
  const registered = mutate.mock.calls.map(([{ mutation }]) => printForServer(mutation, new InMemoryCache()));
  expect(texts).toEqual(registered);
  expect(texts).toHaveLength(1);
});
