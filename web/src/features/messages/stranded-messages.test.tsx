import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { createMemoryStorage } from "../../lib/outbox-storage.js";
import { Outbox } from "../../lib/outbox.js";
import { createChat } from "../../test/chat.js";
import { FILE } from "../../test/outbox.js";
import { ChatContext } from "../session/chat.context.js";
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
    chat.outbox.add("7", "Words **that** matter");
    chat.outbox.add("7", "", FILE);
  });
  await waitFor(() => expect(chat.outbox.entries.get().map(({ state }) => state)).toEqual(["failed", "failed"]));
  return { chat, setRooms: (ids: readonly string[]) => act(async () => rerender(page(ids))) };
}

const words = () => screen.queryByText("Words **that** matter");

afterEach(cleanup);

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
