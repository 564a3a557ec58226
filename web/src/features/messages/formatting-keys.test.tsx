import { afterEach, describe, expect, it } from "@jest/globals";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { formatOnKey } from "./formatting-keys.js";

function Field({ text }: { readonly text: string }) {
  const [value, setValue] = useState(text);
  return <textarea value={value} onChange={(event) => setValue(event.target.value)} onKeyDown={formatOnKey} />;
}

/** A field with the part between the bars selected; answers it in the same notation. */
function renderField(marked: string) {
  const [before = "", selected = "", after = ""] = marked.split("|");
  render(<Field text={before + selected + after} />);
  const field = screen.getByRole<HTMLTextAreaElement>("textbox");
  field.setSelectionRange(before.length, before.length + selected.length);
  const press = (key: string, more: object = { ctrlKey: true }): boolean => fireEvent.keyDown(field, { key, ...more });
  const shown = (): string => {
    const { value, selectionStart: start, selectionEnd: end } = field;
    return `${value.slice(0, start)}|${value.slice(start, end)}|${value.slice(end)}`;
  };
  return { press, shown };
}

afterEach(cleanup);

describe("a key with Ctrl or Cmd", () => {
  it.each([
    ["b", { ctrlKey: true }, "so **|very|** good"],
    ["i", { ctrlKey: true }, "so _|very|_ good"],
    ["e", { ctrlKey: true }, "so `|very|` good"],
    ["X", { ctrlKey: true, shiftKey: true }, "so ~~|very|~~ good"],
  ])("%s %j marks what is selected", (key, more, expected) => {
    const { press, shown } = renderField("so |very| good");
    expect(press(key, more)).toBe(false);
    expect(shown()).toBe(expected);
    press(key, more);
    expect(shown()).toBe("so |very| good");
  });

  it("marks what is typed next when nothing is selected", () => {
    const { press, shown } = renderField("so |");
    press("b");
    expect(shown()).toBe("so **||**");
  });

  it.each([
    ["b", {}],
    ["x", { ctrlKey: true }],
    ["b", { ctrlKey: true, altKey: true }],
    ["b", { ctrlKey: true, isComposing: true }],
  ])("is none of these: %s %j", (key, more) => {
    const { press, shown } = renderField("so |very| good");
    expect(press(key, more)).toBe(true);
    expect(shown()).toBe("so |very| good");
  });
});
