import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { WebSocket, WebSocketServer } from "ws";
import { TestClock } from "../test/clock.js";
import { until } from "../test/until.js";
import { Outbox } from "./outbox.js";
import { keepableBytes } from "./shared-frame.js";
import { SocketWire } from "./wire.js";

const MAX_UNSENT_BYTES = 1024 * 1024;

const http = createServer();
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
let client: WebSocket;
let server: WebSocket;
let connection: Socket;
let outbox: Outbox;
const received: string[] = [];
beforeAll(async () => {
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  client = new WebSocket(`ws://127.0.0.1:${parsePort(http.address())}`, { perMessageDeflate: false });
  client.on("message", (data: Buffer) => received.push(data.toString()));
  sockets.once("connection", (socket: WebSocket, request: IncomingMessage) => {
    server = socket;
    connection = request.socket;
    outbox = new Outbox(new SocketWire(socket, request), new TestClock(), () => {});
  });
  await once(client, "open");
});
afterAll(async () => {
  client.terminate();
  sockets.close();
  await new Promise((resolve) => http.close(resolve));
});

const parsePort = (address: AddressInfo | string | null): number =>
  typeof address === "object" ? (address?.port ?? 0) : 0;

test("a shared frame of any length arrives as one text, among those that the library sends", async () => {
  const expected: string[] = [];
  for (const start of ["", "s", '{"id":"\u{1f600}"'])
    for (const length of [0, 1, 60, 62, 63, 100, 124, 125, 126, 127, 1_000, 32_767, 32_768, 65_535, 65_536, 70_000]) {
      const rest = `é${"x".repeat(length)}`;
      expect(outbox.offer({ start, rest: Buffer.from(rest) })).toBe(true);
      server.send(`between ${length}`);
      expected.push(start + rest, `between ${length}`);
      await until(() => received.length === expected.length, "both frames");
    }
  expect(received).toEqual(expected);
});

test.each([
  ["nothing", ""],
  ["a letter", "x"],
  ["other letters", "\u{1f600}é\n"],
  ["what a message is", "x".repeat(4_000)],
  ["much", "é".repeat(70_000)],
])("%s that is kept has memory of its own", (_what, text) => {
  const bytes = keepableBytes(text);
  expect(bytes.equals(Buffer.from(text))).toBe(true);
  expect(bytes.buffer.byteLength).toBe(bytes.length);
});

test("a text is made a frame once for all that begin alike, with memory of its own, and each of many others gets theirs", async () => {
  const starts = Array.from({ length: 100 }, (_, index) => `"${index}"`);
  const rest = keepableBytes("the same for all");
  const before = received.length;
  const written = jest.spyOn(connection, "write");
  for (const start of [...starts, ...starts]) outbox.offer({ start, rest });
  await until(() => received.length === before + 2 * starts.length, "all frames");
  expect(received.slice(before)).toEqual([...starts, ...starts].map((start) => start + rest.toString()));
  const chunks = written.mock.calls.map(([chunk]) => chunk as Buffer);
  written.mockRestore();
  expect(chunks[0]).toBe(chunks.at(-chunks.length / 2));
  const kept = chunks.filter((chunk) => chunk.length >= rest.length);
  expect(kept.map(({ buffer }) => buffer.byteLength)).toEqual(kept.map(({ length }) => length));
});

test("what is said between two texts does not make one the other's", async () => {
  const before = received.length;
  const [one, two] = [Buffer.from("one"), Buffer.from("two")];
  for (const rest of [one, two, one, two]) outbox.offer({ start: "", rest });
  await until(() => received.length === before + 4, "all frames");
  expect(received.slice(before)).toEqual(["one", "two", "one", "two"]);
});

test("nothing is offered to a socket that has more than a megabyte to take, or that is closing", async () => {
  const before = received.length;
  const shared = { start: "start", rest: Buffer.alloc(64 * 1024, "x") };
  client.pause();
  let offered = 0;
  while (outbox.offer(shared)) offered += 1;
  expect(connection.writableLength).toBeGreaterThan(MAX_UNSENT_BYTES);
  expect(connection.writableLength).toBeLessThan(MAX_UNSENT_BYTES + 2 * shared.rest.length);
  client.resume();
  await until(() => received.length === before + offered, "all of it");
  expect(outbox.offer(shared)).toBe(true);
  server.close();
  expect(outbox.offer(shared)).toBe(false);
});
