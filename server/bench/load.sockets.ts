import WebSocket from "ws";
import { SEND, subscriptions, type EventField } from "./documents.js";
import { findStamp } from "./deliveries.js";

/** Gets every frame that carries a stamped message, and where its stamp begins. */
export type OnStamped = (frame: Buffer, at: number) => void;

/** A graphql-ws connection that does the least for a delivery that can be done. */
export interface ParleySocket extends Writer {
  /** Resolves once the server says that it listens. Of the viewer's rooms, it may go on after positions. */
  follow(followed: Followed, onStamped: OnStamped): Promise<void>;
  unfollow(): void;
}

/** What is followed, and the positions after which. */
export interface Followed {
  readonly field: EventField;
  /** The subscription's; absent: the next number. */
  readonly id?: string;
  readonly room: number;
  readonly after?: readonly string[];
}

interface Frame {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

const EVENTS = "e";

/** Opens a connection and logs it in. */
export async function openParleySocket(url: string, token: string, onClose = (): void => {}): Promise<ParleySocket> {
  const socket = await openSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  const waiting = new Map<string, Waiting>();
  let follows = 0;
  let following = "";
  let sends = 0;
  let onStamped: OnStamped = () => {};

  const say = (frame: object): void => socket.send(JSON.stringify(frame));
  const ask = (id: string, frame: object): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      say(frame);
    });

  socket.on("message", (data: Buffer) => {
    const at = findStamp(data);
    if (at >= 0) return onStamped(data, at);
    const { id = "", type, payload } = parseFrame(data);
    const asked = waiting.get(id);
    waiting.delete(id);
    if (type === "error" || hasErrors(payload)) asked?.reject(new Error(`Refused: ${JSON.stringify(payload)}`));
    else asked?.resolve();
  });
  socket.on("close", (code) => {
    onClose();
    for (const { reject } of waiting.values()) reject(new Error(`The server closed a connection: ${code}.`));
  });
  await ask("", { type: "connection_init", payload: { authorization: `Bearer ${token}` } });

  return {
    async follow({ field, room, id, after = [] }, listener) {
      follows += 1;
      following = id ?? `${EVENTS}${follows}`;
      onStamped = listener;
      const variables = field === "chatRoomEvents" ? { roomId: String(room), after: after[0] } : { after };
      const payload = { query: subscriptions[field], variables };
      await ask(following, { id: following, type: "subscribe", payload });
    },
    unfollow: () => say({ id: following, type: "complete" }),
    async send(room, content) {
      sends += 1;
      const payload = { query: SEND, variables: { input: { roomId: String(room), content } } };
      await ask(`s${sends}`, { id: `s${sends}`, type: "subscribe", payload });
    },
    close: () => socket.terminate(),
  };
}

/** Follows a room by the raw WebSocket. Resolves once it does. */
export async function openRawSocket(
  url: string,
  { token, room, onStamped }: { readonly token: string; readonly room: number; readonly onStamped: OnStamped },
): Promise<Closable> {
  const headers = { authorization: `Bearer ${token}` };
  const socket = await openSocket(`${url.replace("http", "ws")}/ws/chat/${room}/`, undefined, headers);
  socket.on("message", (data: Buffer) => {
    const at = findStamp(data);
    if (at >= 0) onStamped(data, at);
  });
  return { close: () => socket.terminate() };
}

/** A connection that is there. */
export interface Closable {
  close(): void;
}

/** A bare socket on which one message after the other is stored. */
export interface Writer extends Closable {
  /** Resolves once the message is stored; rejects when it was refused. */
  send(room: number, content: string): Promise<void>;
}

/** The floor's writer: one message at a time, so that the next frame is its answer. */
export async function openFloorWriter(url: string): Promise<Writer> {
  const socket = await openSocket(`${url.replace("http", "ws")}/store`);
  let answered: Waiting = { resolve() {}, reject() {} };
  socket.on("message", () => answered.resolve());
  socket.on("close", () => answered.reject(new Error("The floor closed a connection.")));
  return {
    send: (room, text) =>
      new Promise((resolve, reject) => {
        answered = { resolve, reject };
        socket.send(JSON.stringify({ room, text }));
      }),
    close: () => socket.terminate(),
  };
}

/** Opens a bare socket. */
export async function openSocket(
  url: string,
  protocol?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<WebSocket> {
  const socket = new WebSocket(url, protocol, { perMessageDeflate: false, skipUTF8Validation: true, headers });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return socket;
}

function parseFrame(data: Buffer): Frame {
  return JSON.parse(data.toString()) as Frame;
}

function hasErrors(payload: unknown): boolean {
  return typeof payload === "object" && payload !== null && "errors" in payload;
}
