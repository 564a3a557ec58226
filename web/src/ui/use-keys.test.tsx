import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { cleanup, createEvent, fireEvent, render, screen } from "@testing-library/react";
import { runCommand, useKeys, type KeyHandlers } from "./use-keys.js";

function Keys(handlers: KeyHandlers) {
  useKeys(handlers);
  return <input aria-label="field" />;
}

afterEach(cleanup);

describe("keys that work everywhere", () => {
  it("work in a text field when they have a modifier", () => {
    const goTo = jest.fn<() => void>();
    render(<Keys goTo={goTo} />);
    const event = createEvent.keyDown(screen.getByRole("textbox"), { key: "k", ctrlKey: true });
    fireEvent(screen.getByRole("textbox"), event);
    expect(goTo).toHaveBeenCalledTimes(1);
    expect(event.defaultPrevented).toBe(true);
  });

  it("can be asked for by what has other keys of its own", () => {
    const listKeys = jest.fn<() => void>();
    expect(runCommand("listKeys")).toBe(false);
    render(<Keys listKeys={listKeys} />);
    expect(runCommand("listKeys")).toBe(true);
    expect(listKeys).toHaveBeenCalledTimes(1);
  });

  it("are for what was opened last, which may leave them to what was there before", () => {
    const [first, last] = [
      jest.fn<() => void>(),
      jest.fn<() => boolean>().mockReturnValueOnce(true).mockReturnValueOnce(false),
    ];
    render(<Keys dismiss={first} />);
    render(<Keys dismiss={last} />);
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect([first.mock.calls.length, last.mock.calls.length]).toEqual([0, 1]);
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect([first.mock.calls.length, last.mock.calls.length]).toEqual([1, 2]);
  });

  it("do nothing once their part of the page is gone, or when something nearer took the key", () => {
    const goTo = jest.fn<() => void>();
    const { unmount } = render(<Keys goTo={goTo} />);
    const taken = createEvent.keyDown(document.body, { key: "k", ctrlKey: true });
    taken.preventDefault();
    fireEvent(document.body, taken);
    unmount();
    fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
    expect(goTo).not.toHaveBeenCalled();
  });
});
