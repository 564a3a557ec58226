import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { parseAddress } from "./server.js";

/** The network between a browser and its servers, as something that can be pulled out. */
export interface Cable {
  readonly url: string;
  /** Cuts every connection and lets none through. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** @param targets where it leads to: each new connection to the first of these servers that is there */
export async function layCable(...targets: readonly string[]): Promise<Cable> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const connectThrough = async (near: Socket): Promise<void> => {
    const far = isCut ? undefined : await connectToFirst(targets);
    if (far === undefined) return void near.destroy();
    keep(far);
    // It may have been cut while it was being made.
    if (near.destroyed) return void far.destroy();
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  };
  const server = createServer((near) => {
    keep(near);
    void connectThrough(near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${parseAddress(server.address()).port}`,
    cut,
    mend() {
      isCut = false;
    },
    async close() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

async function connectToFirst(targets: readonly string[]): Promise<Socket | undefined> {
  for (const target of targets) {
    const { hostname, port } = new URL(target);
    const socket = connect(Number(port), hostname);
    const isThere = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    if (isThere) return socket;
  }
  return undefined;
}
