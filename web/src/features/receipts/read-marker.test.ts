import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { ReadMarker } from "./read-marker.js";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe("saying how far one has read", () => {
  it("happens at once, then at most every two seconds, with the newest", async () => {
    const send = jest.fn(async (_messageId: string) => true);
    const marker = new ReadMarker(send);
    for (const id of ["1", "2", "3"]) marker.mark(id);
    expect(send.mock.calls).toEqual([["1"]]);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(send.mock.calls).toEqual([["1"], ["3"]]);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(send).toHaveBeenCalledTimes(2);
  });

  it("does not wait for its turn when one leaves, and is not said twice by that", async () => {
    const send = jest.fn(async (_messageId: string) => true);
    const marker = new ReadMarker(send);
    for (const id of ["1", "2"]) marker.mark(id);
    for (let times = 0; times < 2; times++) {
      marker.leave();
      await jest.advanceTimersByTimeAsync(0);
      expect(send.mock.calls).toEqual([["1"], ["2"]]);
    }
    await jest.advanceTimersByTimeAsync(10_000);
    expect(send).toHaveBeenCalledTimes(2);
  });

  it("goes on in turns after one has left", async () => {
    const send = jest.fn(async (_messageId: string) => false);
    const marker = new ReadMarker(send);
    marker.mark("1");
    for (let times = 0; times < 3; times++) {
      await jest.advanceTimersByTimeAsync(0);
      marker.leave();
    }
    await jest.advanceTimersByTimeAsync(1_000);
    expect(send).toHaveBeenCalledTimes(4);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(send).toHaveBeenCalledTimes(5);
  });

  it("is repeated until the server has heard it", async () => {
    const send = jest.fn(async (_messageId: string) => send.mock.calls.length > 2);
    new ReadMarker(send).mark("1");
    await jest.advanceTimersByTimeAsync(20_000);
    expect(send.mock.calls).toEqual([["1"], ["1"], ["1"]]);
  });

  it("is repeated also when the failure took longer than the pause", async () => {
    let answer = (_heard: boolean): void => {};
    const send = jest.fn((_messageId: string) => new Promise<boolean>((resolve) => (answer = resolve)));
    new ReadMarker(send).mark("1");
    await jest.advanceTimersByTimeAsync(5_000);
    answer(false);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(send.mock.calls).toEqual([["1"], ["1"]]);
  });
});
