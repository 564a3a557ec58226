import type { FragmentType } from "@apollo/client/masking";
import { ApolloProvider } from "@apollo/client/react";
import { afterEach, describe, expect, it } from "@jest/globals";
import { cleanup, render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import type { MessageRowFragment } from "../../gql/graphql.js";
import { createChat } from "../../test/chat.js";
import { cacheWith, JANE, JOHN, messageOf, shownMessages } from "../../test/events.js";
import { applyEvent } from "../events/apply-event.js";
import type { MessageData } from "./message.cache.js";
import { ChatContext } from "../session/chat.context.js";
import { MessageRow } from "./message-row.js";

function renderRow(message: MessageData) {
  const cache = cacheWith([message]);
  const chat = createChat(cache);
  const [node] = shownMessages(cache);
  if (!node) throw new Error("The cache shows no message");
  render(
    <MemoryRouter>
      <ChatContext value={chat}>
        <ApolloProvider client={chat.client}>
          <MessageRow message={node as FragmentType<MessageRowFragment>} startsGroup isHighlighted={false} isTabStop />
        </ApolloProvider>
      </ChatContext>
    </MemoryRouter>,
  );
  return { cache, row: screen.getByRole("article"), text: () => document.querySelector(".text")?.textContent };
}

afterEach(cleanup);

describe("a message that mentions", () => {
  it("the viewer stands out, and shows whom it means", () => {
    const { row, text } = renderRow(messageOf(1, JANE, 0, { content: "hi **@john**, @bob", mentions: [JOHN] }));
    expect(row.dataset["mention"]).toBe("true");
    expect(text()).toBe("hi @John Doe, @bob");
    expect([...row.querySelectorAll<HTMLElement>(".mention")].map((chip) => [chip.title, chip.dataset["own"]])).toEqual(
      [["@john", "true"]],
    );
  });

  it("somebody else shows the name that they have now", async () => {
    const { cache, row, text } = renderRow(messageOf(1, JOHN, 0, { content: "hi @jane", mentions: [JANE] }));
    expect(row.dataset["mention"]).toBeUndefined();
    expect(text()).toBe("hi @Jane Smith");
    const user = { ...JANE, chatUsername: "jane.miller", chatDisplayName: "Jane Miller" };
    const renamed = { __typename: "ChatUserChanged", cursor: null, seq: null, user } as const;
    applyEvent(cache, renamed, { id: JOHN.id });
    await screen.findByText("@Jane Miller");
    expect(text()).toBe("hi @Jane Miller");
  });

  it("nobody by a code of that name", () => {
    const { row, text } = renderRow(messageOf(1, JANE, 0, { content: "`@john` @john", mentions: [JOHN] }));
    expect(row.querySelectorAll(".mention")).toHaveLength(1);
    expect(text()).toBe("@john @John Doe");
  });
});
