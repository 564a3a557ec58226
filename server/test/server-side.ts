import { Socket } from "node:net";
import { jest } from "@jest/globals";

/** What the server's side of each socket does. */
export interface ServerSide {
  /** The most that ever was unsent on one socket, in bytes. */
  readonly mostUnsent: number;
  /** Unsent now, over all sockets, in bytes. */
  readonly unsent: number;
  /** How many bytes were ever taken by the system, over all sockets. */
  readonly gone: number;
}

/** Watches all that is sent by servers in this process, until the mocks are restored. */
export function watchServerSide(): ServerSide {
  const connections = new Set<Socket>();
  let mostUnsent = 0;
  const { uncork } = Socket.prototype;
  // Every frame ends with it: those of the library, and those that are shared and go past it.
  jest.spyOn(Socket.prototype, "uncork").mockImplementation(function (this: Socket) {
    Reflect.apply(uncork, this, []);
    const isServer = "server" in this && this.server !== undefined && this.server !== null;
    if (!isServer) return;
    connections.add(this);
    mostUnsent = Math.max(mostUnsent, this.writableLength);
  });
  const sumOf = (of: (connection: Socket) => number): number =>
    [...connections].reduce((sum, connection) => sum + of(connection), 0);
  return {
    get mostUnsent() {
      return mostUnsent;
    },
    get unsent() {
      return sumOf(({ writableLength }) => writableLength);
    },
    get gone() {
      return sumOf(({ bytesWritten, writableLength }) => bytesWritten - writableLength);
    },
  };
}
