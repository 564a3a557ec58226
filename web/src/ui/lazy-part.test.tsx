import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { act, cleanup, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { CrashBoundary } from "../app/crash-boundary.js";
import { BACKOFF_MAX_MS } from "../lib/backoff.js";
import { lazyPart, loadPartsWhenIdle } from "./lazy-part.js";

function Dialog() {
  return <p>A dialog</p>;
}

/** A network that fails so often, and then gives the part. */
function failing(times: number) {
  let failures = 0;
  return jest.fn(async () => {
    if (failures++ < times) throw new TypeError("Failed to fetch dynamically imported module");
    return Dialog;
  });
}

async function show(load: () => Promise<typeof Dialog>) {
  const Part = lazyPart(load);
  render(
    <CrashBoundary>
      <Suspense fallback={<p>Nothing yet</p>}>
        <Part />
      </Suspense>
    </CrashBoundary>,
  );
  await act(() => jest.advanceTimersByTimeAsync(0));
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  cleanup();
  jest.useRealTimers();
});

describe("a part whose code is not there yet", () => {
  it("is loaded again when the network failed", async () => {
    await show(failing(2));
    expect(screen.queryByText("A dialog")).toBeNull();
    await act(() => jest.advanceTimersByTimeAsync(2 * BACKOFF_MAX_MS));
    expect(screen.getByText("A dialog")).toBeTruthy();
  });

  it("gives way to the page that says what to do when it can’t be had at all", async () => {
    const silenced = jest.spyOn(console, "error").mockImplementation(() => undefined);
    await show(failing(Infinity));
    await act(() => jest.advanceTimersByTimeAsync(4 * BACKOFF_MAX_MS));
    expect(screen.getByRole("button", { name: "Reload" })).toBeTruthy();
    silenced.mockRestore();
  });

  it("is loaded ahead once the browser is idle, and a failure of that does no harm", async () => {
    const broken = failing(1);
    const sound = failing(0);
    lazyPart(broken);
    lazyPart(sound);
    loadPartsWhenIdle();
    await jest.advanceTimersByTimeAsync(BACKOFF_MAX_MS);
    expect(broken).toHaveBeenCalledTimes(1);
    expect(sound).toHaveBeenCalledTimes(1);
  });
});
