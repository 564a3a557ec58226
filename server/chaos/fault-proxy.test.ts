import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { steadyPort } from "../bench/ports.js";
import { createRandom } from "../demo/demo-random.js";
import { until } from "../test/until.js";
import { startFaultProxy, type FaultProxy } from "./fault-proxy.js";

// A service that answers every byte with itself, and what it has heard, in the chunks in which it came.
let service: Server;
let servicePort: number;
let proxy: FaultProxy;
let accepted: Socket[];
let chunks: Buffer[];
let clients: Socket[];

beforeEach(async () => {
  accepted = [];
  chunks = [];
  clients = [];
  service = createServer((socket) => {
    accepted.push(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      chunks.push(bytes);
      socket.write(bytes);
    });
  });
  servicePort = await listen(service);
  proxy = await startFaultProxy({ targets: [{ port: servicePort }], random: createRandom(1) });
});

afterEach(async () => {
  for (const socket of [...clients, ...accepted]) socket.destroy();
  await proxy.close();
  service.close();
  await once(service, "close");
});

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  return address.port;
}

interface Client {
  readonly socket: Socket;
  readonly heard: () => string;
  readonly heardBytes: () => number;
  readonly ends: readonly string[];
}

async function dial(): Promise<Client> {
  const socket = connect({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true });
  clients.push(socket);
  const heard: Buffer[] = [];
  let heardBytes = 0;
  const ends: string[] = [];
  socket.on("data", (bytes: Buffer) => {
    heard.push(bytes);
    heardBytes += bytes.length;
  });
  socket.on("end", () => ends.push("end"));
  socket.on("error", (error: NodeJS.ErrnoException) => ends.push(error.code ?? error.message));
  socket.on("close", () => ends.push("close"));
  await once(socket, "connect");
  return { socket, heard: () => Buffer.concat(heard).toString("latin1"), heardBytes: () => heardBytes, ends };
}

const hears = async (client: Client, text: string): Promise<void> => {
  await until(() => client.heardBytes() >= text.length, `the answer ${text.slice(0, 20)}`);
  expect(client.heard() === text).toBe(true);
};

test("in fair weather everything comes as it was sent, in both directions, and so does the end", async () => {
  const client = await dial();
  const text = "x".repeat(300_000) + "y";
  client.socket.end(text);
  await hears(client, text);
  await until(() => client.ends.includes("end"), "the end");
  expect(client.ends).not.toContain("ECONNRESET");
});

test("sliced bytes are the same bytes, in many pieces", async () => {
  proxy.setWeather({ isSliced: true });
  const client = await dial();
  client.socket.write("a sentence of some length");
  await hears(client, "a sentence of some length");
  await until(() => chunks.length > 1, "the pieces");
});

test("what is held up comes later, in its order", async () => {
  proxy.setWeather({ latencyMs: 20, bytesPerSecond: 10_000 });
  const client = await dial();
  for (const letter of "abcdef") client.socket.write(letter);
  await hears(client, "abcdef");
});

test("nothing gets through a stall, and everything after it", async () => {
  const client = await dial();
  client.socket.write("before");
  await hears(client, "before");
  proxy.setWeather({ isStalled: true });
  client.socket.write(" and after");
  const other = await dial();
  other.socket.write("me too");
  await until(() => proxy.connections === 2 && accepted.length === 2, "the other connection");
  expect(Buffer.concat(chunks).toString()).toBe("before");
  proxy.setWeather({});
  await hears(client, "before and after");
  await hears(other, "me too");
});

test("whoever floods a stalled way is held up, and loses nothing", async () => {
  proxy.setWeather({ isStalled: true });
  const client = await dial();
  const text = "z".repeat(16_000_000);
  client.socket.write(text);
  await until(() => accepted.length === 1, "the connection");
  expect(client.socket.writableNeedDrain).toBe(true);
  proxy.setWeather({});
  await hears(client, text);
});

test("a reset reaches both sides as a reset", async () => {
  const client = await dial();
  await until(() => accepted.length === 1, "the connection");
  const [far] = accepted;
  const errors: string[] = [];
  far?.on("error", (error: NodeJS.ErrnoException) => errors.push(error.code ?? ""));
  expect(proxy.reset(1)).toBe(1);
  await until(() => client.ends.includes("close") && errors.length > 0, "both ends");
  expect([client.ends[0], errors[0]]).toEqual(["ECONNRESET", "ECONNRESET"]);
  await until(() => proxy.connections === 0, "the pair to be forgotten");
});

test("a half-closed connection ends one way and can go on the other way", async () => {
  const client = await dial();
  await until(() => accepted.length === 1, "the connection");
  let hasFarEnded = false;
  accepted[0]?.on("end", () => (hasFarEnded = true));
  expect(proxy.halfClose(1)).toBe(1);
  await until(() => hasFarEnded || client.ends.includes("end"), "one of the ends");
  expect(client.ends).not.toContain("ECONNRESET");
});

test("while it refuses, new connections are reset and old ones go on", async () => {
  const old = await dial();
  proxy.setWeather({ isRefusing: true });
  const socket = connect(proxy.port, "127.0.0.1");
  clients.push(socket);
  let isRefused = false;
  socket.on("error", () => (isRefused = true));
  await until(() => isRefused, "the refusal");
  old.socket.write("still here");
  await hears(old, "still here");
});

test("it leads to where it is aimed, and breaks where nobody is", async () => {
  const other = createServer((socket) => socket.end("elsewhere"));
  const port = await listen(other);
  proxy.aim({ port: await steadyPort() }, { port });
  const client = await dial();
  await hears(client, "elsewhere");
  other.close();
  client.socket.destroy();
  await once(other, "close");
  const lost = await dial();
  await until(() => lost.ends.includes("close"), "the end");
  expect(lost.heard()).toBe("");
});

test("which connections it takes is the same for the same seed", async () => {
  await Promise.all(Array.from({ length: 12 }, dial));
  await until(() => proxy.connections === 12, "the connections");
  const taken = proxy.reset(0.5);
  const random = createRandom(1);
  expect(taken).toBe(Array.from({ length: 12 }, () => random.next()).filter((value) => value < 0.5).length);
});

test("what is swallowed reaches nobody and is held up for nobody, and such a connection stays lost", async () => {
  const old = await dial();
  old.socket.write("before");
  await hears(old, "before");
  proxy.setWeather({ swallows: "answers" });
  const mute = await dial();
  for (const client of [old, mute]) client.socket.write("asked");
  await until(() => Buffer.concat(chunks).toString() === "beforeaskedasked", "what is said to arrive");
  proxy.setWeather({ swallows: "everything" });
  const lost = await dial();
  lost.socket.write("z".repeat(4_000_000));
  await until(() => lost.socket.writableLength === 0, "it to be taken");
  proxy.setWeather({});
  for (const client of [old, mute, lost]) client.socket.write("after");
  const next = await dial();
  next.socket.write("next");
  await hears(next, "next");
  expect([old.heard(), mute.heard(), lost.heard()]).toEqual(["before", "", ""]);
  expect(Buffer.concat(chunks).toString()).toBe("beforeaskedaskednext");
});
