import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { Recounts } from "./recounts.js";

/** Recounts whose answers the test gives, oldest first. */
function createRecounts() {
  const answers: ((isHeard: boolean) => void)[] = [];
  const ask = jest.fn((_roomId: string) => new Promise<boolean>((resolve) => answers.push(resolve)));
  const answer = async (isHeard: boolean): Promise<void> => {
    answers.shift()?.(isHeard);
    await jest.advanceTimersByTimeAsync(0);
  };
  return { recounts: new Recounts(ask), ask, answer };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe("asking for counts that only the server knows", () => {
  it("happens once more for all the reasons that came while it was being asked", async () => {
    const { recounts, ask, answer } = createRecounts();
    for (const roomId of ["1", "1", "1", "2"]) recounts.want(roomId);
    expect(ask.mock.calls).toEqual([["1"], ["2"]]);
    await answer(true);
    expect(ask.mock.calls).toEqual([["1"], ["2"], ["1"]]);
    await answer(true);
    await answer(true);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it("is repeated until the server has heard it, and not after the end", async () => {
    const { recounts, ask, answer } = createRecounts();
    recounts.want("1");
    await answer(false);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(ask).toHaveBeenCalledTimes(2);
    await answer(false);
    recounts.stop();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(ask).toHaveBeenCalledTimes(2);
  });
});
