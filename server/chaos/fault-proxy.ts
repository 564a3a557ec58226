import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Random } from "../demo/demo-random.js";
import { Lane, type Surroundings, type Weather } from "./lane.js";

/** Where connections lead; without a host to this machine. */
export interface Target {
  readonly host?: string;
  readonly port: number;
}

/** A TCP proxy on this machine that can do to connections what networks do. Which ones it takes is up to its seed. */
export interface FaultProxy {
  /** Where it listens. */
  readonly port: number;
  /** How many connections there are. */
  readonly connections: number;
  /** How many connections it has refused. */
  readonly refused: number;
  /** Where new connections lead from now on: to the first of these that is there. */
  aim(...targets: readonly Target[]): void;
  /** What lies on the way from now on, also for what is on its way. */
  setWeather(weather: Weather): void;
  /** Ends this share of the connections (0 to 1) with RST, towards both sides; how many. */
  reset(share: number): number;
  /** Ends one direction of this share of the connections with FIN, towards one side; how many. */
  halfClose(share: number): number;
  /** Ends everything. */
  close(): Promise<void>;
}

export interface FaultProxyParts {
  /** Where connections lead: to the first of these that is there. */
  readonly targets: readonly Target[];
  readonly random: Random;
  /** Where it listens; absent: at any free port. */
  readonly port?: number;
  /** Told of what comes from clients and from where it leads, before it is passed on. */
  readonly onBytes?: (count: number, from: { readonly isAnswers: boolean; readonly isSwallowed: boolean }) => void;
}

/** A connection; `far` is there once somebody was found behind the proxy. */
interface Pair {
  readonly near: Socket;
  far?: Socket;
  lanes: readonly Lane[];
}

export async function startFaultProxy(parts: FaultProxyParts): Promise<FaultProxy> {
  const { random, onBytes = () => {} } = parts;
  let { targets } = parts;
  let weather: Weather = {};
  let refused = 0;
  const pairs = new Set<Pair>();
  const look: Look = (isAnswers) => () => ({
    weather,
    random,
    onBytes: (count, isSwallowed) => onBytes(count, { isAnswers, isSwallowed }),
  });
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    near.on("error", () => near.destroy());
    if (weather.isRefusing === true) {
      refused += 1;
      near.resetAndDestroy();
      return;
    }
    const pair: Pair = { near, lanes: [] };
    pairs.add(pair);
    near.once("close", () => pairs.delete(pair));
    void lead(pair, targets, look);
  });
  const port = await listen(server, parts.port ?? 0);
  const take = (share: number): readonly Pair[] => [...pairs].filter(() => random.next() < share);
  return {
    port,
    get connections() {
      return pairs.size;
    },
    get refused() {
      return refused;
    },
    aim: (...next) => void (targets = next),
    setWeather(next) {
      weather = next;
      for (const { lanes } of pairs) for (const lane of lanes) lane.resume();
    },
    reset(share) {
      const taken = take(share);
      for (const pair of taken) reset(pair);
      return taken.length;
    },
    halfClose(share) {
      const taken = take(share);
      for (const { near, far } of taken) random.pick(far === undefined ? [near] : [near, far]).end();
      return taken.length;
    },
    async close() {
      weather = { isRefusing: true };
      for (const pair of pairs) reset(pair);
      server.close();
      await once(server, "close");
    },
  };
}

type Look = (isAnswers: boolean) => () => Surroundings;

async function lead(pair: Pair, targets: readonly Target[], look: Look): Promise<void> {
  const far = await connectToFirst(targets);
  if (far === undefined) pair.near.resetAndDestroy();
  // Meanwhile it may have been given up, or reset.
  else if (pair.near.destroyed) far.destroy();
  else join(pair, far, look);
}

async function connectToFirst(targets: readonly Target[]): Promise<Socket | undefined> {
  for (const { host = "127.0.0.1", port } of targets) {
    const far = connect({ port, host, allowHalfOpen: true, noDelay: true });
    const isThere = await once(far, "connect").then(
      () => true,
      () => false,
    );
    if (isThere) return far;
  }
  return undefined;
}

function join(pair: Pair, far: Socket, look: Look): void {
  const { near } = pair;
  pair.far = far;
  pair.lanes = [
    new Lane({ from: near, to: far, isAnswers: false }, look(false)),
    new Lane({ from: far, to: near, isAnswers: true }, look(true)),
  ];
  // Whatever breaks one side, the other one is told by RST: nobody may take it for a good end.
  for (const socket of [near, far]) socket.on("error", () => reset(pair));
  near.once("close", () => far.destroy());
  far.once("close", () => near.destroy());
}

function reset({ near, far }: Pair): void {
  near.resetAndDestroy();
  far?.resetAndDestroy();
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The proxy has no port.");
  return address.port;
}
