import { afterEach, expect, it } from "@jest/globals";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { InRow, moveAmongParts, usePartTabIndex } from "./row-parts.js";

function Part({ name }: { readonly name: string }) {
  return (
    <button type="button" tabIndex={usePartTabIndex()}>
      {name}
    </button>
  );
}

afterEach(cleanup);

/** Presses a key where the focus is, and answers what has it then. */
function press(key: string): string {
  fireEvent.keyDown(document.activeElement ?? document.body, { key });
  return document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "";
}

it("arrows lead from a message into what is in it and back out; Tab passes that by", () => {
  render(
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- stands for the feed
    <div onKeyDown={moveAmongParts}>
      <article aria-label="message" tabIndex={-1}>
        <InRow value>
          <Part name="first" />
          <div className="editor">
            <textarea aria-label="editor" />
            <button type="button">Save</button>
          </div>
          <Part name="last" />
        </InRow>
      </article>
    </div>,
  );
  expect(screen.getByText("first").tabIndex).toBe(-1);
  expect(screen.getByText("Save").tabIndex).toBe(0);
  screen.getByRole("article").focus();
  expect(["ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"].map(press)).toEqual([
    "first",
    "last",
    "last",
    "first",
  ]);
  expect(press("ArrowDown")).toBe("message");
  expect(press("ArrowLeft")).toBe("message");
  screen.getByLabelText("editor").focus();
  expect(press("ArrowRight")).toBe("editor");
});

it("elsewhere Tab comes to the same things", () => {
  render(<Part name="alone" />);
  expect(screen.getByText("alone").tabIndex).toBe(0);
});
