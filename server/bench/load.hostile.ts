import { setTimeout as pause } from "node:timers/promises";
import type WebSocket from "ws";
import type { HostileOperation } from "../fuzz/hostile-documents.js";
import type { Question } from "./load.requests.js";
import { openSocket } from "./load.sockets.js";

/** Somebody who sends operations that have to be refused. */
export interface Attacker {
  /** Resolves with the answer as it came; throws when it is no refusal. */
  http(operation: HostileOperation): Promise<void>;
  /** The same over the one WebSocket that it has. */
  webSocket(operation: HostileOperation): Promise<void>;
  close(): void;
}

export async function openAttacker(url: string, token: string): Promise<Attacker> {
  const authorization = `Bearer ${token}`;
  const socket = await openSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  const told = (): Promise<string> =>
    new Promise((resolve) => socket.once("message", (data: Buffer) => resolve(data.toString())));
  const acknowledged = told();
  socket.send(JSON.stringify({ type: "connection_init", payload: { authorization } }));
  await acknowledged;
  let count = 0;
  return {
    async http(operation) {
      const headers = { authorization, "content-type": "application/json" };
      const answer = await fetch(`${url}/graphql`, { method: "POST", headers, body: JSON.stringify(operation) });
      requireRefusal(await answer.text());
    },
    async webSocket(payload) {
      count += 1;
      socket.send(JSON.stringify({ id: String(count), type: "subscribe", payload }));
      requireRefusal(await toldOf(socket, String(count)));
    },
    close: () => socket.terminate(),
  };
}

/** The first message about an operation: a result whose values can't be used is followed by a second one. */
function toldOf(socket: WebSocket, id: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const hear = (data: Buffer): void => {
      const text = data.toString();
      if ((JSON.parse(text) as { id?: string }).id !== id) return;
      socket.off("message", hear);
      resolve(text);
    };
    socket.on("message", hear);
    socket.once("close", (code) => reject(new Error(`The server closed the connection: ${code}.`)));
  });
}

function requireRefusal(text: string): void {
  if (!text.includes('"code":"BAD_USER_INPUT"') || /"data":\{/.test(text))
    throw new Error(`A hostile operation was not refused: ${text.slice(0, 500)}`);
}

/** Sends them one after the other, over both ways by turns, at a steady pace; how many it came to. */
export async function attackForAWhile(
  attacker: Attacker,
  operations: readonly HostileOperation[],
  { perSecond, forMs }: Pace,
): Promise<number> {
  return atPace({ perSecond, forMs }, async (index) => {
    const operation = operations[index % operations.length];
    if (operation === undefined) throw new Error("There is nothing to send.");
    await (index % 2 === 0 ? attacker.http(operation) : attacker.webSocket(operation));
  });
}

export interface Pace {
  readonly perSecond: number;
  readonly forMs: number;
}

/** Asks the same at a steady pace, whether the answers keep up or not; milliseconds from when each was due, sorted. */
export async function waitsAtPace(question: Question, ask: (of: Question) => Promise<unknown>, pace: Pace) {
  const waits: number[] = [];
  await atPace(pace, async (_index, dueMs) => {
    await ask(question);
    waits.push(performance.now() - dueMs);
  });
  return waits.toSorted((left, right) => left - right);
}

/** Begins a work whenever it is due, and resolves when all have ended. */
async function atPace({ perSecond, forMs }: Pace, work: (index: number, dueMs: number) => Promise<void>) {
  const startMs = performance.now();
  const count = Math.floor((forMs * perSecond) / 1_000);
  const works: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    const dueMs = startMs + (index * 1_000) / perSecond;
    const earlyMs = dueMs - performance.now();
    if (earlyMs > 0) await pause(earlyMs);
    works.push(work(index, dueMs));
  }
  await Promise.all(works);
  return count;
}
