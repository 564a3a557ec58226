import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { ApolloProvider } from "@apollo/client/react";
import { act, cleanup, createEvent, fireEvent, render, screen } from "@testing-library/react";
import type { AttachedFile } from "../../lib/outbox-entry.js";
import { createChat } from "../../test/chat.js";
import { ChatContext } from "../session/chat.context.js";
import { Composer } from "./composer.js";

function renderComposer(chat = createChat()) {
  const keeping = Promise.withResolvers<void>();
  const onSend = jest.fn((_content: string, _files: readonly AttachedFile[]) => keeping.promise);
  const onEditLast = jest.fn();
  const view = render(
    <ChatContext value={chat}>
      <ApolloProvider client={chat.client}>
        <Composer roomId="1" onSend={onSend} onEditLast={onEditLast} />
      </ApolloProvider>
    </ChatContext>,
  );
  const field = (): HTMLElement => screen.getByRole("textbox", { name: "Message" });
  const type = (text: string): boolean => fireEvent.change(field(), { target: { value: text } });
  return { onSend, onEditLast, field, type, view, keep: () => act(async () => keeping.resolve()) };
}

afterEach(() => {
  cleanup();
  window.localStorage.clear();
});

describe("the composer", () => {
  it("sends with Enter, and is empty afterwards", () => {
    const { onSend, field, type } = renderComposer();
    type("hello");
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(onSend).toHaveBeenCalledWith("hello", []);
    expect(field()).toHaveProperty("value", "");
  });

  it("breaks the line with Shift-Enter", () => {
    const { onSend, field, type } = renderComposer();
    type("hello");
    const event = createEvent.keyDown(field(), { key: "Enter", shiftKey: true });
    fireEvent(field(), event);
    expect(event.defaultPrevented).toBe(false);
    expect(onSend).not.toHaveBeenCalled();
  });

  it("leaves Enter to a word that is being composed", () => {
    const { onSend, field, type } = renderComposer();
    type("にほん");
    fireEvent.keyDown(field(), { key: "Enter", isComposing: true });
    fireEvent.keyDown(field(), { key: "Enter", keyCode: 229 });
    expect(onSend).not.toHaveBeenCalled();
  });

  it("keeps a draft of each room across reloads", () => {
    const first = renderComposer();
    first.type("not yet sent");
    first.view.unmount();
    const second = renderComposer();
    expect(second.field()).toHaveProperty("value", "not yet sent");
  });

  const draft = "parley.draft.1.1";

  it("keeps nothing of words that were sent, which the outbox has noted", () => {
    const { field, type } = renderComposer();
    type("sent just now");
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(window.localStorage.getItem(draft)).toBeNull();
  });

  /** Types words beside a file, and sends both. */
  async function sendWithFile({ type, field }: ReturnType<typeof renderComposer>): Promise<void> {
    const input = screen.getByLabelText("Files to attach");
    fireEvent.change(input, { target: { files: [new File(["x"], "notes.txt", { type: "text/plain" })] } });
    await screen.findByText("notes.txt");
    type("sent just now");
    fireEvent.keyDown(field(), { key: "Enter" });
  }

  it("keeps words beside files for the next page until the outbox does, and does not show them here again", async () => {
    const first = renderComposer();
    await sendWithFile(first);
    expect(window.localStorage.getItem(draft)).toBe("sent just now");
    first.view.unmount();
    expect(renderComposer().field()).toHaveProperty("value", "");
    await first.keep();
    expect(window.localStorage.getItem(draft)).toBeNull();
  });

  it("keeps what was typed after words beside files, in this tab or in another one", async () => {
    const here = renderComposer();
    await sendWithFile(here);
    here.type("and goes on");
    await here.keep();
    expect(window.localStorage.getItem(draft)).toBe("and goes on");
    here.view.unmount();
    const again = renderComposer();
    await sendWithFile(again);
    window.localStorage.setItem(draft, "of the other tab");
    await again.keep();
    expect(window.localStorage.getItem(draft)).toBe("of the other tab");
  });

  it("shows what is typed in another tab only while this one does not have the focus", () => {
    const focus = jest.spyOn(document, "hasFocus").mockReturnValue(false);
    const { field } = renderComposer();
    const typeElsewhere = (text: string): void => {
      act(() => void window.dispatchEvent(new StorageEvent("storage", { key: "parley.draft.1.1", newValue: text })));
    };
    typeElsewhere("from the other tab");
    expect(field()).toHaveProperty("value", "from the other tab");
    focus.mockReturnValue(true);
    typeElsewhere("from the other tab, and on");
    expect(field()).toHaveProperty("value", "from the other tab");
    focus.mockRestore();
  });

  it("sends a file without words, and keeps it out of the next message", async () => {
    const { onSend, field } = renderComposer();
    const input = screen.getByLabelText("Files to attach");
    fireEvent.change(input, { target: { files: [new File(["x"], "notes.txt", { type: "text/plain" })] } });
    await screen.findByText("notes.txt");
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(onSend.mock.calls).toMatchObject([["", [{ file: { name: "notes.txt", contentType: "text/plain" } }]]]);
    expect(screen.queryByText("notes.txt")).toBeNull();
  });

  it("keeps the files of each room while one looks at another", async () => {
    const chat = createChat();
    const first = renderComposer(chat);
    const input = screen.getByLabelText("Files to attach");
    fireEvent.change(input, { target: { files: [new File(["x"], "kept.txt", { type: "text/plain" })] } });
    await screen.findByText("kept.txt");
    first.view.unmount();
    renderComposer(chat);
    fireEvent.click(screen.getByRole("button", { name: "Remove kept.txt" }));
    expect(screen.queryByText("kept.txt")).toBeNull();
  });

  it("takes pasted files, and leaves words that are copied with their picture to the field", async () => {
    const { field } = renderComposer();
    const paste = (types: readonly string[]): boolean => {
      const files = [new File(["x"], "copied.txt", { type: "text/plain" })];
      return fireEvent.paste(field(), { clipboardData: { files, types } });
    };
    expect(paste(["text/plain", "text/html", "Files"])).toBe(true);
    expect(screen.queryByText("copied.txt")).toBeNull();
    expect(paste(["Files"])).toBe(false);
    fireEvent.click(await screen.findByRole("button", { name: "Remove copied.txt" }));
  });

  it("says by how much a message is too long, and does not send it", () => {
    const { onSend, field, type } = renderComposer();
    type("😀".repeat(10_003));
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(screen.getByRole("alert").textContent).toMatch(/at most 10,000 characters. This one is 3 too long/u);
    expect(onSend).not.toHaveBeenCalled();
  });

  it("edits the last message with Up only when nothing is typed", () => {
    const { onEditLast, field, type } = renderComposer();
    fireEvent.keyDown(field(), { key: "ArrowUp" });
    type("x");
    fireEvent.keyDown(field(), { key: "ArrowUp" });
    expect(onEditLast).toHaveBeenCalledTimes(1);
  });
});
