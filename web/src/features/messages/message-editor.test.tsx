import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { ApolloClient, ApolloLink, Observable } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { ApolloProvider } from "@apollo/client/react";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import type { Observer } from "rxjs";
import { createCache } from "../../lib/cache.js";
import { chatFor } from "../../test/chat.js";
import { NoticeHost } from "../../ui/notice-host.js";
import { ChatContext } from "../session/chat.context.js";
import { MessageEditor } from "./message-editor.js";

const refusal = new CombinedGraphQLErrors({ errors: [{ message: "No", extensions: { code: "NOT_FOUND" } }] });

/** Shows the editor of one message or another, over a server that answers when the test says so. */
function openEditor(firstId: string) {
  const asked: Observer<ApolloLink.Result>[] = [];
  const texts: unknown[] = [];
  const link = new ApolloLink(({ variables }) => {
    texts.push(variables["input"]?.content);
    return new Observable((observer: Observer<ApolloLink.Result>) => void asked.push(observer));
  });
  const client = new ApolloClient({ cache: createCache(), link, dataMasking: true });
  const chat = chatFor(client);
  const onClose = jest.fn();
  const page = (id: string | null) => (
    <>
      <NoticeHost />
      <MemoryRouter>
        <ApolloProvider client={client}>
          <ChatContext value={chat}>
            {id !== null && (
              <MessageEditor key={id} messageId={id} content="as sent" canBeEmpty={false} onClose={onClose} />
            )}
          </ChatContext>
        </ApolloProvider>
      </MemoryRouter>
    </>
  );
  const { rerender } = render(page(firstId));
  return {
    onClose,
    show: (id: string | null) => act(async () => rerender(page(id))),
    /** What the server was asked to make of the message, in order. */
    texts,
    refuse: () => act(async () => asked.at(-1)?.error(refusal)),
    accept: () =>
      act(async () => {
        asked.at(-1)?.next({ data: null });
        asked.at(-1)?.complete();
      }),
  };
}

const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Edit message" });
const type = (text: string): void => void fireEvent.change(field(), { target: { value: text } });
const save = () => act(async () => void fireEvent.click(screen.getByRole("button", { name: "Save" })));

afterEach(() => {
  cleanup();
  window.localStorage.clear();
});

describe("editing a message", () => {
  it("goes on with what was typed when its row was away meanwhile", async () => {
    const { show } = openEditor("1");
    type("half a thought");
    await show(null);
    await show("1");
    expect(field().value).toBe("half a thought");
  });

  it("keeps what was typed where a reload does not reach it, and nothing of it when it is the message again", () => {
    openEditor("1");
    type("half a thought");
    expect(Object.values({ ...window.localStorage })).toEqual(["half a thought"]);
    type("as sent");
    expect(window.localStorage).toHaveLength(0);
  });

  it("keeps what was typed for as long as the page where the browser has no room for it", async () => {
    const full = jest.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("Full", "QuotaExceededError");
    });
    const { show } = openEditor("1");
    type("half a thought");
    await show(null);
    await show("1");
    expect(field().value).toBe("half a thought");
    full.mockRestore();
    fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await show(null);
    await show("1");
    expect(field().value).toBe("as sent");
  });

  it("stays open with what was typed while the text before it was being saved", async () => {
    const { accept, onClose } = openEditor("1");
    type("changed");
    await save();
    type("changed, and on");
    await accept();
    expect(onClose).not.toHaveBeenCalled();
    expect(field().value).toBe("changed, and on");
  });

  it("begins with the message again after it was cancelled", async () => {
    const { show } = openEditor("2");
    type("never mind");
    fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await show(null);
    await show("2");
    expect(field().value).toBe("as sent");
  });

  it("does not close another message's editor when its answer comes late", async () => {
    const { show, accept, onClose } = openEditor("3");
    type("changed");
    await save();
    await show("4");
    type("something else");
    await accept();
    expect(onClose).not.toHaveBeenCalled();
    expect(field().value).toBe("something else");
    await show("3");
    expect(field().value).toBe("as sent");
  });

  it("says that it was refused wherever one is, and has the text still", async () => {
    const { show, refuse } = openEditor("5");
    type("changed");
    await save();
    await show(null);
    await refuse();
    await screen.findByText("That is no longer there.");
    await show("5");
    expect(field().value).toBe("changed");
  });

  it("has the text still that was being saved when it was cancelled, if that is refused, and nothing of it if not", async () => {
    const { show, refuse, accept } = openEditor("7");
    const saveAndCancel = async (): Promise<void> => {
      type("changed");
      await save();
      type("changed, and on");
      fireEvent.keyDown(field(), { key: "Escape" });
      await show(null);
    };
    await saveAndCancel();
    await refuse();
    await show("7");
    expect(field().value).toBe("changed");
    await saveAndCancel();
    await accept();
    await show("7");
    expect(field().value).toBe("as sent");
  });

  it("leaves what was typed last: a second text waits until the first one has been answered", async () => {
    const { show, accept, refuse, texts } = openEditor("6");
    type("first");
    await save();
    await show(null);
    await show("6");
    type("second");
    await save();
    await show(null);
    await show("6");
    type("as sent");
    await save();
    expect(texts).toEqual(["first"]);
    await refuse();
    expect(texts).toEqual(["first", "second"]);
    await accept();
    expect(texts).toEqual(["first", "second", "as sent"]);
    await accept();
  });
});
