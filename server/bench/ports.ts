import { once } from "node:events";
import { createServer } from "node:net";

/** Below what systems hand out for outgoing connections: while its owner is away, nobody gets the port by chance. */
const FIRST = 20_000;
const COUNT = 12_000;
const TRIES = 50;

/** A port of 127.0.0.1 on which nobody listens, for a service that will be started there again and again. */
export async function steadyPort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error("No port is free.");
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server, "listening").then(
    () => true,
    () => false,
  );
  server.on("error", () => {});
  server.listen(port, "127.0.0.1");
  if (!(await listening)) return false;
  server.close();
  await once(server, "close");
  return true;
}
