import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { ApolloClient, ApolloLink } from "@apollo/client";
import { EMPTY, finalize, of } from "rxjs";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { createMemoryStorage } from "../../lib/outbox-storage.js";
import { Outbox } from "../../lib/outbox.js";
import { createCache } from "../../lib/cache.js";
import { chatFor, createChat } from "../../test/chat.js";
import { createStream, ready } from "../../test/event-stream.js";
import { deleted } from "../../test/events.js";
import { FILE } from "../../test/outbox.js";
import { ChatContext } from "../session/chat.context.js";
import type { EventStream } from "../events/event-stream.js";
import { StrandedMessages } from "./stranded-messages.js";

const refusal = Object.assign(new Error("Gone"), { extensions: { code: "NOT_FOUND" } });

/** John's outbox, of which the server refuses everything. */
function refusingChat() {
  const send = () => Promise.reject(refusal);
  return { ...createChat(), outbox: new Outbox({ userId: "1", storage: createMemoryStorage(), send }) };
}

async function renderStranded(roomIds: readonly string[]) {
  const chat = refusingChat();
  const page = (ids: readonly string[]) => (
    <ChatContext value={chat}>
      <StrandedMessages rooms={ids.map((id) => ({ id }))} />
    </ChatContext>
  );
  const { rerender } = render(page(roomIds));
  act(() => {
    void chat.outbox.add("7", "Words **that** matter");
    void chat.outbox.add("7", "", { file: FILE });
  });
  await waitFor(() => expect(chat.outbox.entries.get().map(({ state }) => state)).toEqual(["failed", "failed"]));
  return { chat, setRooms: (ids: readonly string[]) => act(async () => rerender(page(ids))) };
}

const words = () => screen.queryByText("Words **that** matter");

afterEach(() => {
  cleanup();
  window.localStorage.clear();
});

// A chunk of its own: how long it takes to come is the machine's matter.
beforeAll(() => import("./stranded-list.js"));

describe("what was begun in a room that was lost", () => {
  it("is given back, words, changes and files, and is gone when it is discarded", async () => {
    const chat = createChat();
    window.localStorage.setItem("parley.draft.1.7", "Begun here");
    window.localStorage.setItem("parley.edit.1.7.42", "Changed here");
    window.localStorage.setItem("parley.draft.1.1", "Begun in a room that is there");
    window.localStorage.setItem("parley.draft.2.7", "Begun by somebody else");
    await chat.trays.add("7", [new File(["x"], "notes.txt", { type: "text/plain" })]);
    const page = (ids: readonly string[] | null) => (
      <ChatContext value={chat}>
        <StrandedMessages rooms={ids?.map((id) => ({ id })) ?? null} />
      </ChatContext>
    );
    const { rerender } = render(page(null));
    expect(screen.queryByRole("alert")).toBeNull();
    rerender(page(["1"]));
    await screen.findByText("Begun here");
    const items = () => screen.queryAllByRole("listitem").map((item) => item.querySelector("div")?.textContent);
    expect(items()).toEqual(["DraftBegun here", "Changes to a messageChanged here", " notes.txt"]);
    for (const _ of items()) fireEvent.click(screen.getAllByRole("button", { name: "Discard" })[0] ?? document.body);
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
    expect(Object.keys({ ...window.localStorage }).sort()).toEqual(["parley.draft.1.1", "parley.draft.2.7"]);
    expect(chat.trays.files.get()).toEqual([]);
  });
});

describe("changes to a message", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const deletedThere = new ApolloLink(() => of({ data: { chatMessage: null } }));

  function renderChanges(link: ApolloLink, stream: EventStream) {
    const client = new ApolloClient({ cache: createCache(), link });
    window.localStorage.setItem("parley.edit.1.1.42", "Changed here");
    render(
      <ChatContext value={{ ...chatFor(client), stream }}>
        <StrandedMessages rooms={[{ id: "1" }]} />
      </ChatContext>,
    );
  }

  it("are given back when somebody deletes it, until they are discarded", async () => {
    const { stream, push } = createStream();
    renderChanges(new ApolloLink(() => EMPTY), stream);
    await act(() => push(ready, deleted(11, 41, null)));
    expect(screen.queryByText("Changed here")).toBeNull();
    await act(() => push(deleted(12, 42, null)));
    expect(screen.getByText("Changed here")).toBeTruthy();
    expect(screen.getByRole("alert").textContent).toContain("the message was deleted");
    fireEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(screen.queryByRole("alert")).toBeNull();
    expect(window.localStorage).toHaveLength(0);
    stream.stop();
  });

  it("are given back when it was deleted while nobody was here", async () => {
    const { stream, push } = createStream();
    renderChanges(deletedThere, stream);
    await act(() => push(ready));
    expect(screen.getByText("Changed here")).toBeTruthy();
    stream.stop();
  });

  it("are left to the message while it is there", async () => {
    const { stream, push } = createStream();
    const answered = jest.fn();
    const chatMessage = { __typename: "ChatMessage", id: "42", isDeleted: false };
    renderChanges(new ApolloLink(() => of({ data: { chatMessage } }).pipe(finalize(answered))), stream);
    await act(() => push(ready));
    expect(answered).toHaveBeenCalledTimes(1);
    expect(screen.queryByRole("alert")).toBeNull();
    stream.stop();
  });
});

describe("messages refused in a room that was lost", () => {
  it("are given back as they were written, until they are discarded", async () => {
    await renderStranded(["1"]);
    await screen.findByRole("alert");
    expect(words()).not.toBeNull();
    fireEvent.click(screen.getAllByRole("button", { name: "Discard" })[0] ?? document.body);
    await waitFor(() => expect(words()).toBeNull());
    expect(screen.queryByText("plan.txt")).not.toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Discard" }));
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  });

  it("can be copied, and their files saved", async () => {
    const writeText = jest.fn(async (_text: string) => undefined);
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
    const createObjectURL = jest.fn((_blob: Blob) => "blob:plan");
    Object.assign(URL, { createObjectURL });
    const click = jest.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
    await renderStranded([]);
    const copy = await screen.findByRole("button", { name: "Copy" });
    await act(async () => void fireEvent.click(copy));
    expect(writeText).toHaveBeenCalledWith("Words **that** matter");
    fireEvent.click(screen.getByRole("button", { name: "Save file" }));
    expect(createObjectURL).toHaveBeenCalledWith(FILE.blob);
    expect(click.mock.contexts[0]).toMatchObject({ href: "blob:plan", download: "plan.txt" });
    click.mockRestore();
    Reflect.deleteProperty(navigator, "clipboard");
  });

  it("are left to the room's own feed while there is one", async () => {
    const { setRooms } = await renderStranded(["1", "7"]);
    expect(screen.queryByRole("alert")).toBeNull();
    await setRooms(["1"]);
    await screen.findByRole("alert");
  });
});
