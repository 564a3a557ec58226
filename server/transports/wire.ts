import type { IncomingMessage } from "node:http";
import type { RawData, WebSocket } from "ws";
import { systemClock } from "../platform/time.js";
import { holdBurst, type Sender } from "./bursts.js";
import { startHeartbeat } from "./heartbeat.js";
import type { Wire } from "./outbox.js";
import { writeShared } from "./shared-frame.js";

/** The reason for a close is at most 123 bytes on the wire; ours are plain English. */
const MAX_REASON_LENGTH = 120;

/** @param request the upgrade that it began with: they have one connection */
export function wireOf(client: WebSocket, { socket: connection }: IncomingMessage): Wire {
  let pauses = 0;
  let sender: Sender = { onHandedOver() {}, onGone() {} };
  return {
    get unsentBytes() {
      return connection.writableLength;
    },
    get goneBytes() {
      return connection.bytesWritten - connection.writableLength;
    },
    tell(whom) {
      sender = whom;
    },
    send(frame) {
      if (client.readyState !== client.OPEN) return;
      holdBurst(connection, sender);
      client.send(frame, { binary: false });
    },
    sendShared(frame) {
      if (client.readyState !== client.OPEN) return false;
      holdBurst(connection, sender);
      writeShared(connection, frame);
      return true;
    },
    close: (code, reason) => client.close(code, reason.slice(0, MAX_REASON_LENGTH)),
    terminate: () => client.terminate(),
    pause() {
      pauses += 1;
      client.pause();
    },
    resume() {
      pauses -= 1;
      if (pauses === 0) client.resume();
    },
  };
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
