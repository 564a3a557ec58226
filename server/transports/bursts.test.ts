import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { PassThrough, type Duplex } from "node:stream";
import { TestClock } from "../test/clock.js";
import { until } from "../test/until.js";
import { Bursts, MAX_HELD_MS, Outgoing, type Sender } from "./bursts.js";

/** A connection, from the side that sends, and what has come of it at the other one. */
interface Line {
  readonly near: Socket;
  readonly far: Socket;
  readonly writes: () => number;
  readonly received: () => string;
  readonly sender: jest.Mocked<Sender>;
  readonly outgoing: Outgoing;
}

let server: Server;
let clock: TestClock;
let bursts: Bursts;
const lines: Line[] = [];
beforeEach(async () => {
  clock = new TestClock();
  bursts = new Bursts(clock);
  server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  for (const { near, far } of lines.splice(0)) for (const socket of [near, far]) socket.destroy();
  server.close();
});

async function openLine(): Promise<Line> {
  const accepted = once(server, "connection");
  const far = connect(parsePort(server.address()), "127.0.0.1");
  const [near] = (await accepted) as [Socket];
  for (const socket of [near, far]) socket.on("error", () => {});
  let received = "";
  far.on("data", (bytes: Buffer) => (received += bytes.toString()));
  const [one, many] = [jest.spyOn(near, "_write"), jest.spyOn(near, "_writev")];
  const sender = { onHandedOver: jest.fn(), onGone: jest.fn() };
  const writes = () => one.mock.calls.length + many.mock.calls.length;
  const outgoing = outgoingTo(near, sender);
  const line = { near, far, writes, received: () => received, sender, outgoing };
  lines.push(line);
  return line;
}

const parsePort = (address: AddressInfo | string | null): number =>
  typeof address === "object" ? (address?.port ?? 0) : 0;

function outgoingTo(connection: Duplex, sender: Sender): Outgoing {
  const outgoing = new Outgoing(connection);
  outgoing.sender = sender;
  return outgoing;
}

/** A connection without a network. */
interface Pipe {
  readonly pipe: PassThrough;
  readonly outgoing: Outgoing;
}

function pipeTo(sender: Sender): Pipe {
  const pipe = new PassThrough();
  return { pipe, outgoing: outgoingTo(pipe, sender) };
}

function say({ near, outgoing }: Line, text: string): void {
  bursts.hold(outgoing);
  near.write(text);
}

/** As `once`, and no matter why. */
const closed = (socket: Socket) => new Promise((resolve) => socket.once("close", resolve));
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("what is sent in one turn of the event loop leaves in one write, when the turn ends, and in its order", async () => {
  const line = await openLine();
  for (let n = 0; n < 100; n += 1) say(line, `${n} `);
  // Also what is said on behalf of promises that are kept in this turn.
  await Promise.resolve();
  say(line, "last");
  expect([line.writes(), line.sender.onHandedOver.mock.calls.length]).toEqual([0, 0]);
  await turn();
  expect([line.writes(), line.sender.onHandedOver.mock.calls.length]).toEqual([1, 1]);
  const whole = `${Array.from({ length: 100 }, (_, n) => `${n} `).join("")}last`;
  await until(() => line.received().length === whole.length, "all of it");
  expect(line.received()).toBe(whole);
});

test("each turn has a write of its own, in the order of the turns, and none is held for want of another", async () => {
  const line = await openLine();
  for (const text of ["a", "b", "c"]) {
    say(line, text);
    say(line, text);
    await turn();
  }
  expect(line.writes()).toBe(3);
  await until(() => line.received() === "aabbcc", "all of it");
});

test("what is sent by another that is told is not lost, and leaves with the next turn", async () => {
  const [first, second] = [await openLine(), await openLine()];
  first.sender.onHandedOver.mockImplementationOnce(() => {
    say(first, "again");
    say(second, "of the first");
  });
  say(first, "once ");
  await until(() => first.received() === "once again" && second.received() === "of the first", "both");
});

test("one whose reader takes nothing is told that it waits at once, and that it is gone when it is", async () => {
  const line = await openLine();
  line.far.pause();
  const chunk = "x".repeat(1024 * 1024);
  let sent = 0;
  while (line.near.writableLength === 0) {
    say(line, chunk);
    sent += chunk.length;
    await turn();
  }
  const { onHandedOver, onGone } = line.sender;
  expect([onHandedOver.mock.calls.length, onGone.mock.calls.length]).toEqual([sent / chunk.length, 0]);
  line.far.resume();
  await until(() => onGone.mock.calls.length === 1, "the word that it is gone");
  expect(line.near.writableLength).toBe(0);
  await until(() => line.received().length === sent, "all of it");
});

test.each<[string, (line: Line) => unknown]>([
  ["is destroyed", ({ near }) => near.destroy()],
  ["is destroyed by an error", ({ near }) => near.destroy(new Error("broken"))],
  ["is ended", ({ near }) => near.end()],
  ["was reset by the other side", ({ far, near }) => (far.resetAndDestroy(), closed(near))],
])("a connection that %s while it is held keeps nobody else's back, and its sender is told", async (_how, end) => {
  const [before, lost, after] = [await openLine(), await openLine(), await openLine()];
  say(before, "one");
  say(lost, "two");
  say(after, "three");
  const ending = end(lost);
  await until(() => before.received() === "one" && after.received() === "three", "the others'");
  await ending;
  expect(lost.sender.onHandedOver).toHaveBeenCalled();
  say(before, " and on");
  say(lost, "nobody hears this");
  say(after, " and on");
  await until(() => before.received() === "one and on" && after.received() === "three and on", "the others' next ones");
});

test("nothing is written past the end of a connection whose reader takes nothing", async () => {
  const line = await openLine();
  line.far.pause();
  const errors: unknown[] = [];
  line.near.on("error", (error) => errors.push(error));
  while (line.near.writableLength === 0) {
    say(line, "x".repeat(1024 * 1024));
    await turn();
  }
  say(line, "last");
  line.near.end();
  await turn();
  line.far.resume();
  await once(line.far, "end");
  expect([errors, line.received().endsWith("xlast")]).toEqual([[], true]);
});

test("a connection that is ended with something held says that first", async () => {
  const line = await openLine();
  say(line, "this first, ");
  line.near.end("then goodbye");
  await once(line.far, "end");
  expect(line.received()).toBe("this first, then goodbye");
});

describe("after a burst to many connections", () => {
  const silent: Sender = { onHandedOver() {}, onGone() {} };
  const crowds = new Map<number, readonly Pipe[]>();
  const crowdOf = (size: number): readonly Pipe[] => {
    const crowd = crowds.get(size) ?? Array.from({ length: size }, () => pipeTo(silent));
    crowds.set(size, crowd);
    return crowd;
  };
  const tell = (crowd: readonly Pipe[], text: string): void => {
    for (const { pipe, outgoing } of crowd) {
      bursts.hold(outgoing);
      pipe.write(text);
    }
  };
  const heardBy = (crowd: readonly Pipe[]) => new Set(crowd.map(({ pipe }) => String(pipe.read() ?? "")));

  test.each([
    [100, 1],
    [500, 5],
    [5_000, MAX_HELD_MS],
  ])("(%i) the next one comes after %i ms, and what is sent meanwhile leaves with it", async (size, pauseMs) => {
    const crowd = crowdOf(size);
    tell(crowd, "1");
    await turn();
    expect(heardBy(crowd)).toEqual(new Set(["1"]));
    tell(crowd, "2");
    await turn();
    clock.advance(pauseMs - 1);
    tell(crowd, "3");
    await turn();
    expect(heardBy(crowd)).toEqual(new Set([""]));
    clock.advance(1);
    expect(heardBy(crowd)).toEqual(new Set(["23"]));
    expect(clock.pending).toBe(0);
  });

  test("nothing is held once that time is over, nor ever after a burst to few", async () => {
    const [few, many] = [crowdOf(50), crowdOf(500)];
    tell(many, "1");
    await turn();
    clock.advance(5);
    tell(few, "2");
    await turn();
    expect(heardBy(few)).toEqual(new Set(["2"]));
    tell(few, "3");
    await turn();
    expect(heardBy(few)).toEqual(new Set(["3"]));
  });

  test("one that fails keeps nobody else's back, and is not kept quiet", async () => {
    const [many, others] = [crowdOf(500), crowdOf(50)];
    tell(many, "1");
    await turn();
    const onHandedOver = (): void => {
      throw new Error("broken");
    };
    bursts.hold(pipeTo({ ...silent, onHandedOver }).outgoing);
    tell(others, "2");
    expect(() => clock.advance(MAX_HELD_MS)).toThrow("could not be given what they were sent");
    expect(heardBy(others)).toEqual(new Set(["2"]));
    await turn();
    tell(others, "3");
    clock.advance(MAX_HELD_MS);
    await turn();
    expect(heardBy(others)).toEqual(new Set(["3"]));
  });

  test("it is held no longer for that the clock was set back", async () => {
    const crowd = crowdOf(500);
    tell(crowd, "1");
    await turn();
    heardBy(crowd);
    clock.set(-60_000);
    tell(crowd, "2");
    clock.advance(MAX_HELD_MS);
    expect(heardBy(crowd)).toEqual(new Set(["2"]));
  });
});
