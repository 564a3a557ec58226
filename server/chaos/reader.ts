import WebSocket from "ws";
import { z } from "zod";
import { parseCursor } from "../features/feed/stream.js";
import { batchesOf } from "../platform/batches.js";
import { eventually } from "./until.js";

/** The three ways to follow a room. */
export const ways = ["chatRoomEvents", "chatEvents", "raw"] as const;
export type Way = (typeof ways)[number];

export interface Asked {
  readonly url: string;
  readonly token: string;
  readonly roomId: number;
  readonly way: Way;
  /** Go on where this reader, of the same way, has stopped. */
  readonly after?: Pick<Reader, "seqs" | "cursor" | "epoch">;
}

/**
 * One connection that follows one room, by hand: unlike a follower it never comes back by itself, and one may stop its
 * socket from being read.
 */
export interface Reader {
  readonly socket: WebSocket;
  /** The numbered events of the room that it has got, and when each came (`Date.now()`). */
  readonly seqs: readonly number[];
  readonly arrivals: readonly number[];
  /** From where somebody goes on after it, by its way. */
  readonly cursor: string;
  readonly epoch: string;
  /** All frames, of any kind. */
  readonly frames: number;
  /** How it has ended, if it has: `complete`, or the close code. */
  readonly end: { readonly by: "complete" | number; readonly atMs: number } | undefined;
}

const FIELDS = "__typename cursor seq ... on ChatMessageSent { message { id content } }";
const documents = {
  chatRoomEvents: `subscription ($room: ID!, $after: String) { event: chatRoomEvents(roomId: $room, after: $after) { ${FIELDS} } }`,
  chatEvents: `subscription ($after: [String!]) { event: chatEvents(after: $after) { ${FIELDS} } }`,
} as const;

const graphEvent = z.object({ __typename: z.string(), cursor: z.string().nullable(), seq: z.int().nullable() });
const anyFrame = z.object({
  type: z.string(),
  seq: z.int().optional(),
  epoch: z.string().optional(),
  payload: z
    .object({ data: z.object({ event: graphEvent }).optional() })
    .optional()
    .catch(undefined),
});
type Frame = z.infer<typeof anyFrame>;

const READY_WITHIN_MS = 60_000;

/** Connects, and resolves once it follows, or has ended. */
export async function openReader(asked: Asked): Promise<Reader> {
  const { way } = asked;
  const socket = dial(asked);
  const reader = {
    socket,
    seqs: [] as number[],
    arrivals: [] as number[],
    cursor: asked.after?.cursor ?? "",
    epoch: asked.after?.epoch ?? "",
    frames: 0,
    end: undefined as Reader["end"],
  };
  let isReady = false;
  const finish = (by: "complete" | number): void => void (reader.end ??= { by, atMs: Date.now() });
  const take = (seq: number): void => {
    reader.seqs.push(seq);
    reader.arrivals.push(Date.now());
  };
  const hear = ({ type, seq, epoch, payload }: Frame): void => {
    const event = payload?.data?.event;
    isReady ||= type === "ready" || event?.__typename === "ChatSubscriptionReady";
    if (type === "complete" || (type === "error" && way !== "raw")) finish("complete");
    if (type === "ready") reader.epoch = epoch ?? "";
    else if (seq !== undefined) take(seq);
    if (event === undefined || event.seq === null || event.cursor === null) return;
    if (!isOfRoom(event.cursor, asked.roomId)) return;
    reader.cursor = event.cursor;
    // It has the place of the stream that it is told of, and is none of its events.
    if (event.__typename !== "ChatSubscriptionReady") take(event.seq);
  };
  socket.on("message", (data: Buffer) => {
    reader.frames += 1;
    hear(anyFrame.parse(JSON.parse(data.toString())));
  });
  socket.on("close", finish);
  socket.on("error", () => {});
  await eventually(() => isReady || reader.end !== undefined, `a reader by ${way} to follow`, READY_WITHIN_MS);
  return reader;
}

const AT_ONCE = 10;

/** Opens many, a few at once, in their order. */
export async function openReaders(asked: readonly Asked[]): Promise<readonly Reader[]> {
  const readers: Reader[] = [];
  for (const batch of batchesOf(asked, AT_ONCE)) readers.push(...(await Promise.all(batch.map(openReader))));
  return readers;
}

function dial(asked: Asked): WebSocket {
  const { url, token, roomId, way, after } = asked;
  const base = url.replace("http", "ws");
  if (way === "raw") {
    const place = after === undefined ? "" : `${after.seqs.at(-1) ?? 0}&epoch=${after.epoch}`;
    return new WebSocket(`${base}/ws/chat/${roomId}/?after=${place}`, ["bearer", token]);
  }
  const socket = new WebSocket(`${base}/graphql`, "graphql-transport-ws");
  const say = (frame: object): void => socket.send(JSON.stringify(frame));
  const cursor = after === undefined || after.cursor === "" ? undefined : after.cursor;
  const places = way === "chatEvents" ? { after: cursor === undefined ? [] : [cursor] } : { after: cursor };
  const payload = { query: documents[way], variables: { room: String(roomId), ...places } };
  socket.once("open", () => say({ type: "connection_init", payload: { authorization: `Bearer ${token}` } }));
  // The first word is the acknowledgement.
  socket.once("message", () => say({ id: "1", type: "subscribe", payload }));
  return socket;
}

function isOfRoom(cursor: string, roomId: number): boolean {
  return String(parseCursor(cursor).stream) === `r${roomId}`;
}
