import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { WebSocket, type RawData } from "ws";
import { systemClock } from "../platform/time.js";
import { holdBurst, Outgoing, type Sender } from "./bursts.js";
import { startHeartbeat } from "./heartbeat.js";
import type { Wire } from "./outbox.js";
import { writeShared, type SharedFrame } from "./shared-frame.js";

/** The reason for a close is at most 123 bytes on the wire; ours are plain English. */
const MAX_REASON_LENGTH = 120;

/**
 * The connection of a WebSocket client. A class, and not an object of functions made for each: what is done for every
 * event and every socket is then the same code for all of them, and compiled as such.
 */
export class SocketWire extends Outgoing<Socket> implements Wire {
  private pauses = 0;

  /** @param request the upgrade that it began with: they have one connection */
  constructor(
    private readonly client: WebSocket,
    { socket }: IncomingMessage,
  ) {
    super(socket);
  }

  get unsentBytes(): number {
    return this.connection.writableLength;
  }

  get goneBytes(): number {
    return this.connection.bytesWritten - this.connection.writableLength;
  }

  tell(sender: Sender): void {
    this.sender = sender;
  }

  send(frame: Buffer | string): void {
    if (this.client.readyState !== WebSocket.OPEN) return;
    holdBurst(this);
    this.client.send(frame, { binary: false });
  }

  sendShared(frame: SharedFrame): boolean {
    if (this.client.readyState !== WebSocket.OPEN) return false;
    holdBurst(this);
    writeShared(this.connection, frame);
    return true;
  }

  close(code: number, reason: string): void {
    this.client.close(code, reason.slice(0, MAX_REASON_LENGTH));
  }

  terminate(): void {
    this.client.terminate();
  }

  pause(): void {
    this.pauses += 1;
    this.client.pause();
  }

  resume(): void {
    this.pauses -= 1;
    if (this.pauses === 0) this.client.resume();
  }
}

/** Asks a client for signs of life for as long as it is connected. `isHeldUp`: it can't be expected to answer just now. */
export function keepAlive(client: WebSocket, isHeldUp: () => boolean): void {
  // A connection's other end keeps real time, whatever a test does with this node's.
  const heartbeat = startHeartbeat(
    { ping: () => client.ping(), terminate: () => client.terminate(), isHeldUp },
    systemClock,
  );
  client.on("pong", heartbeat.alive);
  client.on("message", heartbeat.alive);
  client.on("close", heartbeat.stop);
}

export function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString();
}
