import WebSocket from "ws";
import { z } from "zod";
import { until } from "./until.js";

const anyFrame = z.looseObject({ type: z.string() });
export type RawFrame = z.infer<typeof anyFrame>;

export interface Dial {
  /** Goes into the `Authorization` header. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  /** With its question mark. */
  readonly query?: string;
}

/** A client of the raw WebSocket that speaks by hand, and what it has heard. */
export interface RawLine {
  readonly socket: WebSocket;
  readonly frames: readonly RawFrame[];
  readonly closed: { readonly code?: number; readonly reason?: string };
  /** Sends an object as JSON, anything else as it is. */
  send(frame: object | string): void;
  ofType(type: string): readonly RawFrame[];
  /** Waits for the first frame of a type, or for as many as one says; the last of them. */
  hears(type: string, count?: number): Promise<RawFrame>;
  /** Waits until the server has ended it; the code. */
  ended(): Promise<number>;
  /** Waits until it is open. */
  opened(): Promise<void>;
}

const open: WebSocket[] = [];

/** Ends all that were dialled. */
export function hangUp(): void {
  for (const socket of open.splice(0)) socket.terminate();
}

/** Dials a room of a server. */
export function dial(url: string, room: string | number, { token, headers, protocols, query }: Dial = {}): RawLine {
  const address = `${url.replace("http", "ws")}/ws/chat/${room}/${query ?? ""}`;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const socket = new WebSocket(address, [...(protocols ?? [])], { headers: { ...authorization, ...headers } });
  open.push(socket);
  const frames: RawFrame[] = [];
  const closed: { code?: number; reason?: string } = {};
  let hasOpened = false;
  let failure: Error | undefined;
  socket.on("open", () => (hasOpened = true));
  socket.on("message", (data: Buffer) => frames.push(anyFrame.parse(JSON.parse(data.toString()))));
  socket.on("close", (code, reason) => Object.assign(closed, { code, reason: String(reason) }));
  socket.on("error", (error) => (failure = error));
  const ofType = (type: string) => frames.filter((frame) => frame.type === type);
  return {
    socket,
    frames,
    closed,
    ofType,
    send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    async hears(type, count = 1) {
      await until(() => ofType(type).length >= count || closed.code !== undefined, `${type} (${count})`);
      const frame = ofType(type)[count - 1];
      if (frame === undefined) throw new Error(`Closed with ${closed.code} before ${type}: ${closed.reason}`);
      return frame;
    },
    ended: async () => (await until(() => closed.code !== undefined && { code: closed.code }, "the close")).code,
    async opened() {
      await until(() => hasOpened || failure !== undefined, "the socket to open");
      if (failure !== undefined) throw failure;
    },
  };
}

/** Until everything that this client has said is carried out: commands are, in their order. */
export async function carriedOut(line: RawLine): Promise<void> {
  const before = line.ofType("error").length;
  line.send("a frame that is refused");
  await line.hears("error", before + 1);
}

/** Dials and waits until the socket is open: whoever brings a token is in the room then. */
export async function enter(url: string, room: string | number, how: Dial): Promise<RawLine> {
  const line = dial(url, room, how);
  await line.opened();
  return line;
}
