import { createClient, type Client } from "graphql-ws";

export const PING_EVERY_MS = 15_000;
export const PONG_WITHIN_MS = 10_000;
/** The server's word for a token that is missing, wrong or expired. */
export const CLOSE_UNAUTHENTICATED = 4401;
const CLOSE_NO_PONG = 4499;

export interface SocketOptions {
  readonly url: string;
  readonly token: string;
}

/**
 * A graphql-ws client that lives while something is subscribed. It does not retry: the one who subscribes
 * does, because only they know the cursors to continue from. A peer that is silent for 25 s is given up.
 */
export function createSocket(options: SocketOptions): Client {
  let open: WebSocket | null = null;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  return createClient({
    url: options.url,
    connectionParams: { authorization: `Bearer ${options.token}` },
    retryAttempts: 0,
    connectionAckWaitTimeout: PONG_WITHIN_MS,
    keepAlive: PING_EVERY_MS,
    on: {
      opened: (socket) => {
        if (socket instanceof WebSocket) open = socket;
      },
      ping: (isReceived) => {
        if (isReceived) return;
        clearTimeout(pongTimer);
        pongTimer = setTimeout(() => open?.close(CLOSE_NO_PONG, "No pong"), PONG_WITHIN_MS);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(pongTimer);
      },
      closed: () => {
        clearTimeout(pongTimer);
        open = null;
      },
    },
  });
}
