import { afterEach, expect, it } from "@jest/globals";
import { act, cleanup, render, screen } from "@testing-library/react";
import { noteTaken } from "../lib/other-version.js";
import { useLeaveQuestion } from "../ui/use-leave-question.js";
import { NewVersion } from "./new-version.js";

function Page({ hasUnkept }: { readonly hasUnkept: boolean }) {
  useLeaveQuestion(hasUnkept);
  return <NewVersion />;
}

afterEach(cleanup);

it("a page of another version asks to be reloaded, and promises to keep only what is kept, until it is understood again", () => {
  const { rerender } = render(<Page hasUnkept={false} />);
  const words = () => screen.queryByRole("alert")?.querySelector("span")?.textContent ?? null;
  expect(words()).toBeNull();
  act(() => noteTaken("a", false));
  expect(words()).toMatch(/what you have written is kept/u);
  rerender(<Page hasUnkept />);
  expect(words()).toMatch(/would be lost with this page: copy it first, then reload/u);
  rerender(<Page hasUnkept={false} />);
  expect(words()).toMatch(/what you have written is kept/u);
  act(() => noteTaken("a", true));
  expect(words()).toBeNull();
});
