import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Stands between a node and a service, and breaks when it is told to. */
export interface TcpProxy {
  /** The service's URL, with this proxy's address in it. */
  readonly url: string;
  /** Connections that were refused since it was cut. */
  readonly refused: number;
  /** Bytes that came while it stalled. */
  readonly swallowedBytes: number;
  /** Breaks every connection, and those that come. */
  cut(): void;
  /** Takes bytes in both directions and passes nothing on, on the connections that are there. */
  stall(): void;
  /** Passes on what is said to the service and swallows its answers, on the connections that are there. */
  mute(): void;
  /** Lets new connections through again. Those that stall stay as they are. */
  mend(): void;
  close(): Promise<void>;
}

/** @param ownPort where it listens; 0 for any free port */
export async function startTcpProxy(serviceUrl: string, ownPort = 0): Promise<TcpProxy> {
  const service = new URL(serviceUrl);
  const pairs = new Set<Pair>();
  let isCut = false;
  const counts = { refused: 0, swallowedBytes: 0 };
  const server = createServer((near) => {
    near.on("error", () => near.destroy());
    if (isCut) {
      counts.refused += 1;
      near.resetAndDestroy();
      return;
    }
    const pair = join(
      near,
      connect(Number(service.port), service.hostname),
      (bytes) => (counts.swallowedBytes += bytes),
    );
    pairs.add(pair);
    near.on("close", () => pairs.delete(pair));
  });
  const url = new URL(serviceUrl);
  url.hostname = "127.0.0.1";
  url.port = String(await listen(server, ownPort));
  return {
    url: url.href,
    get refused() {
      return counts.refused;
    },
    get swallowedBytes() {
      return counts.swallowedBytes;
    },
    cut() {
      isCut = true;
      counts.refused = 0;
      for (const pair of pairs) pair.reset();
    },
    stall() {
      for (const pair of pairs) pair.isStalled = true;
    },
    mute() {
      for (const pair of pairs) pair.isMuted = true;
    },
    mend() {
      isCut = false;
    },
    async close() {
      for (const pair of pairs) pair.reset();
      server.close();
      await once(server, "close");
    },
  };
}

interface Pair {
  isStalled: boolean;
  isMuted: boolean;
  reset(): void;
}

function join(near: Socket, far: Socket, onSwallowed: (bytes: number) => void): Pair {
  const pair = {
    isStalled: false,
    isMuted: false,
    reset() {
      near.resetAndDestroy();
      far.destroy();
    },
  };
  const pass = (to: Socket) => (chunk: Buffer) => {
    if (pair.isStalled || (pair.isMuted && to === near)) onSwallowed(chunk.length);
    else to.write(chunk);
  };
  near.on("data", pass(far)).on("close", () => far.destroy());
  far
    .on("data", pass(near))
    .on("close", () => near.destroy())
    .on("error", () => near.destroy());
  return pair;
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The proxy has no port.");
  return address.port;
}
