import { createClient, type Client } from "graphql-ws";

export const PING_EVERY_MS = 15_000;
/** How long anything may take that the server is to answer: being connected to, and pings. */
export const ANSWER_WITHIN_MS = 10_000;
/** The server's word for a token that is missing, wrong or expired. */
export const CLOSE_UNAUTHENTICATED = 4401;

export interface SocketOptions {
  readonly url: string;
  readonly token: string;
}

/**
 * A graphql-ws client that lives while something is subscribed. It does not retry: the one who subscribes
 * does, because only they know the cursors to continue from. A peer that is silent for 25 s is given up, one that lets
 * nobody in after 10 s.
 */
export function createSocket(options: SocketOptions): Client {
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const answered = (): void => clearTimeout(deadline);
  const expectAnswer = (): void => {
    answered();
    // Who says nothing will not say goodbye either, for which browsers wait a minute, and four for being let in.
    deadline = setTimeout(() => client.terminate(), ANSWER_WITHIN_MS);
  };
  let subscribed = 0;
  const client = createClient({
    url: options.url,
    // Numbers, where the library would make a UUID: those who follow under the same name are sent the very same frame. It is
    // "1" at first and counts on with each reconnection: a number that began anew might still be in use.
    generateID: () => String((subscribed += 1)),
    connectionParams: { authorization: `Bearer ${options.token}` },
    retryAttempts: 0,
    keepAlive: PING_EVERY_MS,
    on: {
      connecting: expectAnswer,
      connected: answered,
      ping: (isReceived) => void (isReceived || expectAnswer()),
      pong: (isReceived) => void (isReceived && answered()),
      closed: answered,
    },
  });
  return client;
}
