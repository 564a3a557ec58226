import { once } from "node:events";
import { connect, createServer } from "node:net";
import { readUsage } from "./usage.js";
import { serveCalls } from "./worker.js";

/** A load balancer that does nothing but pass bytes on: each new connection leads to the next node. */

let targets: readonly URL[] = [];
let connections = 0;

const server = createServer({ noDelay: true }, (near) => {
  const target = targets[connections % targets.length];
  connections += 1;
  const far = connect({ host: target?.hostname ?? "", port: Number(target?.port), noDelay: true });
  near.pipe(far).pipe(near);
  for (const [socket, other] of [
    [near, far],
    [far, near],
  ] as const) {
    socket.on("error", () => {});
    socket.on("close", () => other.destroy());
  }
});

const calls = {
  /** Resolves to where it listens. */
  async start(nodes: readonly string[]): Promise<string> {
    targets = nodes.map((url) => new URL(url));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The balancer does not listen on a port.");
    return `http://127.0.0.1:${address.port}`;
  },
  usage: readUsage,
};

export type BalancerCalls = typeof calls;

serveCalls(calls, async () => server.close());
