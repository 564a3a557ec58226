import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { until } from "../test/until.js";
import { drain } from "./drain.js";

const MIB = 1024 * 1024;

let request: IncomingMessage;
beforeEach(() => {
  request = new IncomingMessage(new Socket());
});
afterEach(() => {
  jest.useRealTimers();
  request.destroy();
});

describe("the rest of a request that was answered", () => {
  test("is read to its end, also when somebody reads it who goes away for it", async () => {
    const reader = new PassThrough();
    request.pipe(reader);
    request.push(Buffer.alloc(MIB));
    drain(request);
    request.unpipe(reader);
    request.push(Buffer.alloc(MIB));
    request.push(null);
    await until(() => request.readableEnded, "its end");
  });

  test("is cut off when it is larger than anything that is worth it", async () => {
    const cutOff: boolean[] = [];
    drain(request);
    request.on("data", () => cutOff.push(request.destroyed));
    for (let count = 0; count < 32; count += 1) request.push(Buffer.alloc(MIB));
    request.push(Buffer.alloc(1));
    await until(() => cutOff.length === 33, "all to be read");
    expect(cutOff.slice(-2)).toEqual([false, true]);
  });

  test("is cut off when it does not end in 10 seconds", async () => {
    jest.useFakeTimers();
    drain(request);
    jest.advanceTimersByTime(9_999);
    expect(request.destroyed).toBe(false);
    jest.advanceTimersByTime(1);
    expect(request.destroyed).toBe(true);
  });
});
