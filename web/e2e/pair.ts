import { afterAll, beforeAll, jest } from "@jest/globals";
import type { Browser } from "playwright-core";
import { launchBrowser, ROOM, visit, type Visitor } from "./browser.js";
import { startTcpProxy, type TcpProxy } from "../../server/test/tcp-proxy.js";
import { startServer, type ServerProcess } from "./server.js";

/** John and Jane in the same room of a server, each in a browser of their own; John's network can be cut. */
export interface Pair {
  readonly server: ServerProcess;
  readonly cable: TcpProxy;
  readonly browser: Browser;
  readonly john: Visitor;
  readonly jane: Visitor;
}

const MINUTES_MS = 120_000;

/**
 * Brings them together before a file's tests, and hands them over.
 * @param settings environment variables of the server
 */
export function meet(
  take: (pair: Pair) => void | Promise<void>,
  settings: Readonly<Record<string, string>> = {},
): void {
  jest.setTimeout(MINUTES_MS);
  let pair: Pair;
  beforeAll(async () => {
    const server = await startServer(settings);
    const cable = await startTcpProxy(server.url);
    const browser = await launchBrowser();
    const john = await visit(browser, cable.url, "John Doe");
    const jane = await visit(browser, server.url, "Jane Smith");
    await john.openRoom(ROOM);
    await jane.openRoom(ROOM);
    pair = { server, cable, browser, john, jane };
    await take(pair);
  }, MINUTES_MS);
  afterAll(async () => {
    await pair.browser.close();
    await pair.cable.close();
    await pair.server.stop();
  });
}
