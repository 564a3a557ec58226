import { ApolloProvider } from "@apollo/client/react";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { createChat } from "../../test/chat.js";
import { cacheWith } from "../../test/events.js";
import { createEmojiIndex, emojiIndex } from "../emoji/emoji-index.js";
import { Composer } from "../messages/composer.js";
import { ChatContext } from "../session/chat.context.js";

function renderComposer() {
  const onSend = jest.fn(async (_content: string, _files: readonly unknown[]) => undefined);
  const chat = createChat(cacheWith([]));
  render(
    <ChatContext value={chat}>
      <ApolloProvider client={chat.client}>
        <Composer roomId="1" onSend={onSend} onEditLast={() => undefined} />
      </ApolloProvider>
    </ChatContext>,
  );
  const field = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
  const type = async (text: string): Promise<void> => {
    fireEvent.change(field, { target: { value: text } });
    // What completes a shortcode waits until React is through.
    await act(async () => undefined);
  };
  const press = (key: string, more: object = {}): boolean => fireEvent.keyDown(field, { key, ...more });
  return { field, type, press, onSend };
}

const options = (): (string | null)[] => screen.queryAllByRole("option").map((option) => option.textContent);
const chosen = (): string | null | undefined => screen.queryByRole("option", { selected: true })?.textContent;

beforeEach(() => {
  emojiIndex.set(
    createEmojiIndex([
      ["👍", "+1", "thumbsup"],
      ["🎉", "tada"],
      ["🌮", "taco"],
      ["⭐", "star"],
    ]),
  );
});

afterEach(() => {
  cleanup();
  window.localStorage.clear();
});

describe("typing @", () => {
  it("offers the people in the room by username and by name, oneself last", async () => {
    const { type } = renderComposer();
    await type("hello @");
    expect(options()).toEqual(["JSJane Smith@jane", "JDJohn Doe (you)@john"]);
    await type("hello @smi");
    expect(options()).toEqual(["JSJane Smith@jane"]);
    await type("hello @nobody");
    expect(options()).toEqual([]);
  });

  it("puts in the name with Enter, which then does not send", async () => {
    const { field, type, press, onSend } = renderComposer();
    await type("hello @ja");
    press("Enter");
    expect(field.value).toBe("hello @jane ");
    expect(onSend).not.toHaveBeenCalled();
    expect(options()).toEqual([]);
    press("Enter");
    expect(onSend).toHaveBeenCalledWith("hello @jane", []);
  });

  it("is led by the arrow keys, which tell assistive technology where they are", async () => {
    const { field, type, press } = renderComposer();
    await type("@");
    expect(chosen()).toBe("JSJane Smith@jane");
    press("ArrowDown");
    expect(chosen()).toBe("JDJohn Doe (you)@john");
    const active = field.getAttribute("aria-activedescendant") ?? "";
    expect(document.getElementById(active)?.getAttribute("aria-selected")).toBe("true");
    expect(document.getElementById(field.getAttribute("aria-controls") ?? "")?.getAttribute("role")).toBe("listbox");
    press("ArrowDown");
    press("Tab");
    expect(field.value).toBe("@jane ");
  });

  it("lets the list be closed, and a word be composed in peace", async () => {
    const { type, press, onSend } = renderComposer();
    await type("@ja");
    press("Enter", { isComposing: true });
    expect(options()).toHaveLength(1);
    press("Escape");
    expect(options()).toEqual([]);
    await type("@jan");
    expect(options()).toEqual([]);
    press("Enter");
    expect(onSend).toHaveBeenCalledWith("@jan", []);
  });

  it("takes a click", async () => {
    const { field, type } = renderComposer();
    await type("@ja");
    fireEvent.click(screen.getByRole("option", { name: /Jane/ }));
    expect(field.value).toBe("@jane ");
  });

  it("is left alone in an address and in code", async () => {
    const { type } = renderComposer();
    for (const text of ["mail john@ja", "`@ja", "```\n@ja"]) {
      await type(text);
      expect(options()).toEqual([]);
    }
  });
});

describe("typing a colon", () => {
  it("offers emoji by their names, the nearest first", async () => {
    const { field, type, press } = renderComposer();
    await type("well :ta");
    expect(options()).toEqual(["🎉:tada:", "🌮:taco:", "⭐:star:"]);
    press("Enter");
    expect(field.value).toBe("well 🎉 ");
  });

  it("makes an emoji of a name that was typed whole", async () => {
    const { field, type } = renderComposer();
    await type("done :tada:");
    expect(field.value).toBe("done 🎉");
    await type("done :+1:");
    expect(field.value).toBe("done 👍");
  });

  it("leaves times, faces, unknown names and code as they are", async () => {
    const { field, type } = renderComposer();
    for (const text of ["10:30", ":)", ":-)", "std::tada:", ":nothing:", "`:tada:", "a:tada:"]) {
      await type(text);
      expect(field.value).toBe(text);
      expect(options()).toEqual([]);
    }
  });
});
