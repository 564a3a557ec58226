import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { ApolloClient, ApolloLink, Observable } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { ApolloProvider } from "@apollo/client/react";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useEffect } from "react";
import type { Observer } from "rxjs";
import { MemoryRouter, Route, Routes, useLocation, useNavigate } from "react-router";
import { createCache } from "../../lib/cache.js";
import { SearchPage } from "./search.page.js";
import { SEARCH_AFTER_MS } from "./use-search-text.js";

interface Asked {
  readonly variables: Readonly<Record<string, unknown>>;
  /** Answers with messages that have these texts. */
  readonly answer: (texts: readonly string[], nextCursor?: string) => Promise<void>;
  readonly refuse: (message: string) => Promise<void>;
}

let nextId = 1;

function edgeOf(text: string) {
  const id = String(nextId++);
  return {
    __typename: "ChatMessageSearchEdge",
    cursor: id,
    highlights: [{ __typename: "ChatMessageHighlight", text, isMatch: true }],
    nameHighlights: [],
    node: {
      __typename: "ChatMessage",
      id,
      createdAt: "2026-01-05T10:00:00Z",
      isDeleted: false,
      content: text,
      mentions: [],
      room: { __typename: "ChatRoom", id: "7", displayName: "Design" },
      user: { __typename: "User", id: "2", chatDisplayName: "Jane Smith" },
      attachment: null,
    },
  };
}

function answerOf(texts: readonly string[], nextCursor?: string) {
  const pageInfo = { __typename: "PageInfo", hasNextPage: nextCursor !== undefined, endCursor: nextCursor ?? null };
  return {
    data: {
      searchChatMessages: { __typename: "ChatMessageSearchConnection", edges: texts.map(edgeOf), pageInfo },
    },
  };
}

function openSearch(address = "/search") {
  const asked: Asked[] = [];
  const link = new ApolloLink(
    ({ variables }) =>
      new Observable((observer: Observer<ApolloLink.Result>) => {
        const settle = (how: () => void): Promise<void> =>
          act(async () => {
            how();
            await jest.advanceTimersByTimeAsync(1);
          });
        asked.push({
          variables,
          answer: (texts, nextCursor) =>
            settle(() => {
              observer.next(answerOf(texts, nextCursor));
              observer.complete();
            }),
          refuse: (message) =>
            settle(() =>
              observer.error(
                new CombinedGraphQLErrors({ errors: [{ message, extensions: { code: "BAD_USER_INPUT" } }] }),
              ),
            ),
        });
      }),
  );
  const client = new ApolloClient({ cache: createCache(), link, dataMasking: true });
  const browser = { search: "", back: async (): Promise<void> => undefined };
  function Browser() {
    const navigate = useNavigate();
    const { search } = useLocation();
    useEffect(() => {
      browser.search = search;
      browser.back = () => act(async () => void navigate(-1));
    });
    return null;
  }
  render(
    <ApolloProvider client={client}>
      <MemoryRouter initialEntries={[address]}>
        <Browser />
        <Routes>
          <Route path="/search" element={<SearchPage />} />
          <Route path="/rooms/:roomId/messages/:messageId" element={<p>the message</p>} />
        </Routes>
      </MemoryRouter>
    </ApolloProvider>,
  );
  return { asked, browser };
}

function type(text: string): void {
  fireEvent.change(screen.getByRole("textbox"), { target: { value: text } });
}

const pass = (ms: number): Promise<void> => act(async () => jest.advanceTimersByTime(ms));
const results = (): (string | null)[] =>
  screen.queryAllByRole("link", { name: /Jane Smith/u }).map((link) => link.textContent);

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  cleanup();
  jest.useRealTimers();
});

describe("search", () => {
  it("asks once for what was typed, after a pause, and puts it into the address", async () => {
    const { asked, browser } = openSearch();
    for (const text of ["d", "de", "dep"]) {
      type(text);
      await pass(SEARCH_AFTER_MS - 1);
    }
    expect(asked).toEqual([]);
    await pass(1);
    expect(asked.map(({ variables }) => variables["query"])).toEqual(["dep"]);
    expect(browser.search).toBe("?q=dep");
  });

  it("asks at once with Enter", async () => {
    const { asked } = openSearch();
    type("deploy");
    await act(async () => void fireEvent.keyDown(screen.getByRole("textbox"), { key: "Enter" }));
    expect(asked.map(({ variables }) => variables["query"])).toEqual(["deploy"]);
  });

  it("never shows a late answer over a newer one", async () => {
    const { asked } = openSearch();
    for (const text of ["old", "new"]) {
      type(text);
      await pass(SEARCH_AFTER_MS);
    }
    await asked[1]?.answer(["the new one"]);
    await asked[0]?.answer(["the old one"]);
    expect(results()).toEqual([expect.stringContaining("the new one")]);
  });

  it("keeps what is typed while an earlier query goes into the address", async () => {
    const { browser } = openSearch();
    type("one");
    await pass(SEARCH_AFTER_MS);
    type("one two");
    await pass(SEARCH_AFTER_MS - 1);
    expect(screen.getByRole("textbox")).toHaveProperty("value", "one two");
    await pass(1);
    expect(browser.search).toBe("?q=one+two");
  });

  it("loads further pages after the last one", async () => {
    const { asked } = openSearch("/search?q=hello");
    await asked[0]?.answer(["hello one"], "cursor-1");
    await act(async () => void fireEvent.click(screen.getByRole("button", { name: "Load more" })));
    expect(asked[1]?.variables).toEqual({ query: "hello", roomId: null, after: "cursor-1" });
    await asked[1]?.answer(["hello two"]);
    expect(results()).toEqual([expect.stringContaining("hello one"), expect.stringContaining("hello two")]);
    expect(screen.queryByRole("button", { name: "Load more" })).toBeNull();
  });

  it("has all the pages that were there when one comes back from a message, without asking", async () => {
    const { asked, browser } = openSearch("/search?q=hello");
    await asked[0]?.answer(["hello one"], "cursor-1");
    await act(async () => void fireEvent.click(screen.getByRole("button", { name: "Load more" })));
    await asked[1]?.answer(["hello two"]);
    await act(
      async () => void fireEvent.click(screen.getAllByRole("link", { name: /Jane Smith/u })[1] ?? document.body),
    );
    screen.getByText("the message");
    await browser.back();
    expect(results()).toHaveLength(2);
    expect(asked).toHaveLength(2);
  });

  it("looks through the room of the address alone, or through all of them", async () => {
    const { asked } = openSearch("/search?q=hello&room=7");
    await act(async () => void fireEvent.click(screen.getByText("All rooms")));
    expect(asked.map(({ variables }) => variables["roomId"])).toEqual(["7", null]);
  });

  it("says what can't be searched for in the server's words, and when there is nothing", async () => {
    const { asked } = openSearch("/search?q=has:cheese");
    await asked[0]?.refuse("has: takes file, image or link.");
    expect(screen.getByRole("alert").textContent).toBe("has: takes file, image or link.");
    type("cheese");
    await pass(SEARCH_AFTER_MS);
    await asked[1]?.answer([]);
    screen.getByText("Nothing found");
    screen.getByText(/No message in all your rooms matches “cheese”/u);
  });

  it("puts a filter behind what is typed, with the caret where its value goes", async () => {
    openSearch();
    type("hello");
    fireEvent.click(screen.getByRole("button", { name: /these words/u }));
    const field = screen.getByRole<HTMLInputElement>("textbox");
    expect(field.value).toBe('hello ""');
    expect(field.selectionStart).toBe(7);
    expect(document.activeElement).toBe(field);
  });
});
