import WebSocket from "ws";
import { z } from "zod";
import type { Connection, Ending } from "./following.js";

const person = z.object({ id: z.number() });
const frame = z.object({
  type: z.string(),
  epoch: z.string().optional(),
  after: z.number().optional(),
  seq: z.number().optional(),
  code: z.string().optional(),
  message: z.object({ id: z.number(), content: z.string() }).optional(),
  message_id: z.number().optional(),
  reaction: z.object({ user: person, emoji: z.string() }).optional(),
  user_id: z.number().optional(),
  emoji: z.string().optional(),
  participant: z.object({ user: person }).optional(),
  room_id: z.number().optional(),
});
type Frame = z.infer<typeof frame>;

const PING_EVERY_MS = 2_000;
const PONG_WITHIN_MS = 4_000;

/** Close codes after which one stops; after every other one: connect again, resume. */
const endings: Readonly<{ [code in number]?: "removed" | "fault" }> = {
  4400: "fault",
  4401: "fault",
  4403: "removed",
  4404: "removed",
  4409: "fault",
};

/** Follows a room by the raw WebSocket: each call is one connection, and resumes after what was handled before. */
export function followRaw(room: number): (connection: Connection) => Promise<Ending> {
  const stream = `r${room}`;
  let epoch = "";
  const hear = (told: Frame, { notebook, clients, ready }: Connection): void => {
    if (told.type === "ready") {
      epoch = told.epoch ?? "";
      notebook.resumed(stream, told.after ?? -1);
      return ready();
    }
    if (told.type === "error") notebook.faults.push(`error ${told.code ?? ""}`);
    if (told.seq === undefined) return;
    notebook.add(stream, { seq: told.seq, what: whatOf(told), ...keyOf(told), atMs: Date.now() });
    clients.count("delivered");
  };
  return (connection) => {
    const { url, token, notebook, clients } = connection;
    const handled = notebook.handled(stream);
    const after = handled === undefined ? "?after=" : `?after=${handled}&epoch=${epoch}`;
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws/chat/${room}/${after}`, ["bearer", token]);
    const stopBeating = beat(socket);
    const hangUp = (): void => socket.terminate();
    clients.signal.addEventListener("abort", hangUp);
    socket.on("message", (data: Buffer) => hear(frame.parse(JSON.parse(data.toString())), connection));
    // The close that follows says all there is to say.
    socket.on("error", () => {});
    return new Promise((resolve) => {
      socket.on("close", (code) => {
        stopBeating();
        clients.signal.removeEventListener("abort", hangUp);
        const ending = endings[code];
        if (ending === "fault") notebook.faults.push(`closed ${code}`);
        if (ending === "removed") notebook.remove(stream);
        resolve(ending === undefined ? "again" : "stop");
      });
    });
  };
}

/** Ends a socket whose other end does not answer, also while it is being opened. */
function beat(socket: WebSocket): () => void {
  let pongTimer: NodeJS.Timeout | undefined = setTimeout(() => socket.terminate(), PONG_WITHIN_MS);
  const gotWord = (): void => {
    clearTimeout(pongTimer);
    pongTimer = undefined;
  };
  socket.on("open", gotWord).on("pong", gotWord);
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN || pongTimer !== undefined) return;
    socket.ping();
    pongTimer = setTimeout(() => socket.terminate(), PONG_WITHIN_MS);
  }, PING_EVERY_MS);
  return () => {
    clearInterval(timer);
    gotWord();
  };
}

/** As `whatOf` in log.ts says it. */
function whatOf(told: Frame): string {
  const about = told.message?.id ?? told.message_id ?? told.participant?.user.id ?? told.room_id;
  const kind = told.type === "message_new" ? "message_sent" : told.type;
  const emoji = told.reaction?.emoji ?? told.emoji;
  const reaction = emoji === undefined ? [] : [told.reaction?.user.id ?? told.user_id, emoji];
  return kind === "room_changed" ? kind : [kind, about, ...reaction].join(" ");
}

function keyOf({ message }: Frame): { readonly key?: string } {
  return message === undefined || message.content === "" ? {} : { key: message.content };
}
