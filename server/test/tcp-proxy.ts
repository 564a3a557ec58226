import { startFaultProxy, type Target } from "../chaos/fault-proxy.js";
import { createRandom } from "../demo/demo-random.js";

/** A network between somebody and a service, as something that can be pulled out. */
export interface TcpProxy {
  /** The service's URL, with this proxy's address in it. */
  readonly url: string;
  /** Connections that were refused since it was cut. */
  readonly refused: number;
  /** Bytes that came and were passed on to nobody. */
  readonly swallowedBytes: number;
  /** Breaks every connection, and those that come. */
  cut(): void;
  /** Lets so many bytes more through to the service, then cuts itself. */
  cutAfter(bytes: number): void;
  /** Keeps every connection and takes more, and passes nothing on: nobody is told. */
  stall(): void;
  /** Passes everything on so much later. */
  delay(latencyMs: number): void;
  /** Passes on what is said to the service, and none of its answers. */
  mute(): void;
  /** Lets new connections through again. Those that stall or are mute stay so. */
  mend(): void;
  /** Leads elsewhere from now on; connections that are there stay. */
  leadTo(...urls: readonly string[]): void;
  close(): Promise<void>;
}

/**
 * @param services where it leads to: each new connection to the first of these that is there
 * @param ownPort where it listens; 0 for any free port
 */
export async function startTcpProxy(services: string | readonly string[], ownPort = 0): Promise<TcpProxy> {
  const urls = [services].flat();
  let bytesLeft = Infinity;
  let swallowedBytes = 0;
  let refusedBefore = 0;
  const proxy = await startFaultProxy({
    targets: urls.map(targetOf),
    random: createRandom(1),
    port: ownPort,
    onBytes(count, { isAnswers, isSwallowed }) {
      if (isSwallowed) swallowedBytes += count;
      if (!isAnswers && (bytesLeft -= count) < 0) cut();
    },
  });
  const cut = (): void => {
    bytesLeft = Infinity;
    refusedBefore = proxy.refused;
    proxy.setWeather({ isRefusing: true });
    proxy.reset(1);
  };
  return {
    url: urlAt(urls[0] ?? "", proxy.port),
    get refused() {
      return proxy.refused - refusedBefore;
    },
    get swallowedBytes() {
      return swallowedBytes;
    },
    cut,
    cutAfter: (bytes) => void (bytesLeft = bytes),
    stall: () => proxy.setWeather({ swallows: "everything" }),
    delay: (latencyMs) => proxy.setWeather({ latencyMs }),
    mute: () => proxy.setWeather({ swallows: "answers" }),
    mend: () => proxy.setWeather({}),
    leadTo: (...others) => proxy.aim(...others.map(targetOf)),
    close: () => proxy.close(),
  };
}

function targetOf(url: string): Target {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

/** Without a slash at the end. */
function urlAt(service: string, port: number): string {
  const url = new URL(service);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  return url.href.replace(/\/$/, "");
}
