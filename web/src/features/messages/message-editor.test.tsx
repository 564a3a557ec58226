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
  const link = new ApolloLink(
    () => new Observable((observer: Observer<ApolloLink.Result>) => void asked.push(observer)),
  );
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
    refuse: () => act(async () => asked[0]?.error(refusal)),
    accept: () =>
      act(async () => {
        asked[0]?.next({ data: null });
        asked[0]?.complete();
      }),
  };
}

const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Edit message" });
const type = (text: string): void => void fireEvent.change(field(), { target: { value: text } });
const save = () => act(async () => void fireEvent.click(screen.getByRole("button", { name: "Save" })));

afterEach(cleanup);

describe("editing a message", () => {
  it("goes on with what was typed when its row was away meanwhile", async () => {
    const { show } = openEditor("1");
    type("half a thought");
    await show(null);
    await show("1");
    expect(field().value).toBe("half a thought");
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
});
