import { afterEach, expect, it } from "@jest/globals";
import { act, cleanup, renderHook } from "@testing-library/react";
import { useShellDialog } from "./shell-dialogs.js";

afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});

/** A page where one writes, with something else that takes the focus. */
function page(): { readonly field: Element | null; readonly other: HTMLElement | null } {
  document.body.innerHTML = "<button>Other</button><section data-region><textarea></textarea></section>";
  return { field: document.querySelector("textarea"), other: document.querySelector("button") };
}

function openAndClose(meanwhile: () => void = () => {}): void {
  const { result } = renderHook(() => useShellDialog());
  act(() => result.current.open("keys"));
  meanwhile();
  act(() => result.current.close());
}

it("after a dialog the focus is where it was before", () => {
  const { other } = page();
  other?.focus();
  openAndClose(() => other?.blur());
  expect(document.activeElement).toBe(other);
});

it("after a dialog one writes, where what had the focus is gone", () => {
  const { field, other } = page();
  other?.focus();
  openAndClose(() => other?.remove());
  expect(document.activeElement).toBe(field);
});

it("after a dialog one writes, where nothing had the focus, as between two rooms", () => {
  const { field } = page();
  openAndClose();
  expect(document.activeElement).toBe(field);
});
