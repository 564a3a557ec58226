import type { Socket } from "node:net";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { eventually } from "../chaos/until.js";
import { connectAndSend, formOf, requestBytes, sendAndBreakOff, uploadForm } from "../test/uploads.js";
import { WrongAnswer } from "./answers.js";
import { entry } from "./entry.js";
import type { Target } from "./target.js";

interface Break {
  readonly way: "graphql" | "rest" | "rest, file first";
  /** Whether the server has begun to write the file by then. */
  readonly isBegun: boolean;
  /** How much leaves, of 1: of the file when that is begun, else of the whole request. */
  readonly share: number;
}

/** Only how long a server that keeps something is waited for. */
const GIVE_UP_MS = 30_000;
const FILE = { name: "a.txt", bytes: Buffer.alloc(512 * 1024, "a"), contentType: "text/plain" };
const WAYS = ["graphql", "rest", "rest, file first"] as const;

/** Uploads that break off, wherever: nothing of them is accepted, and nothing stays. */
export const uploads = entry<Break>("uploads", async (target) => {
  const requests = await wholeRequests(target);
  const before = await stateOf(target);
  return {
    // As many in the head and the fields as in the file. Who is gone at once is mostly gone before they are known.
    inputs: fc.record({
      way: fc.constantFrom(...WAYS),
      isBegun: fc.boolean(),
      share: fc.oneof(fc.double({ min: 0, max: 0.002, noNaN: true }), fc.double({ min: 0, max: 0.999_9, noNaN: true })),
    }),
    async send({ way, isBegun, share }) {
      const { url, bytes, fileBy } = requests[way];
      const from = isBegun ? fileBy : 0;
      const sent = bytes.subarray(0, from + Math.floor((bytes.length - 1 - from) * share));
      if (!isBegun) return sendAndBreakOff(url, sent);
      await eventually(() => breakOffBegun(target, url, sent), `an upload by ${way} to be begun`, GIVE_UP_MS);
    },
    async end() {
      // Each way works still, and one that is whole leaves its own file: so what was sent before it has ended.
      for (const way of WAYS)
        await eventually(() => isTaken(requests[way]), `an upload by ${way} to be taken`, GIVE_UP_MS);
      const expected = { ...before, messages: before.messages + WAYS.length, stored: before.stored + WAYS.length };
      const isClean = async (): Promise<boolean> => isDeepStrictEqual(await stateOf(target), expected);
      await eventually(isClean, "nothing to be left of uploads that broke off", GIVE_UP_MS).catch(async () => {
        throw new WrongAnswer(`before ${JSON.stringify(before)}, left ${JSON.stringify(await stateOf(target))}`);
      });
    },
  };
});

interface Whole {
  readonly url: string;
  readonly bytes: Buffer;
  /** By when its file has begun: with its first byte, as what stands before it may be the end of a part. */
  readonly fileBy: number;
}

/** Sends a whole request; false when the server asks to wait for others to end. */
async function isTaken({ url, bytes }: Whole): Promise<boolean> {
  const socket = await connectAndSend(url, bytes);
  const answer = await answerOn(socket);
  socket.destroy();
  if (/^HTTP\/1\.1 20[01] /.test(answer) && !answer.includes('"errors"')) return true;
  return !requireWait(answer);
}

/** Breaks off when the file is being written; false when the server asks to wait for others to end. */
async function breakOffBegun(target: Target, url: string, bytes: Buffer): Promise<boolean> {
  const before = (await target.files()).incoming;
  const socket = await connectAndSend(url, bytes);
  let answer: string | undefined;
  void answerOn(socket).then((text) => (answer = text));
  const isBegun = async (): Promise<boolean> => (await target.files()).incoming.some((name) => !before.includes(name));
  await eventually(async () => answer !== undefined || isBegun(), "a file to come in", GIVE_UP_MS);
  const seen = answer;
  socket.destroy();
  return seen === undefined || !requireWait(seen);
}

const answerOn = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    socket.once("data", (data: Buffer) => resolve(data.toString()));
    socket.once("close", () => resolve(""));
  });

/** Nothing else than to be told to wait is known of an upload that is not taken. */
function requireWait(answer: string): true {
  if (answer.startsWith("HTTP/1.1 429 ")) return true;
  throw new WrongAnswer(`an upload is answered by ${answer}`);
}

async function wholeRequests(target: Target): Promise<Readonly<Record<Break["way"], Whole>>> {
  const [room, authorization] = [target.filled("§room§"), `Bearer ${target.token}`];
  const headers = { Authorization: authorization, "apollo-require-preflight": "1" };
  const [graphql, rest] = [`${target.url}/graphql`, `${target.url}/api/chat/messages/`];
  const make = async (url: string, form: FormData): Promise<Whole> => {
    const bytes = await requestBytes(url, form, headers);
    return { url, bytes, fileBy: bytes.indexOf(FILE.bytes) + 1 };
  };
  return {
    graphql: await make(graphql, uploadForm({ roomId: room }, FILE)),
    rest: await make(rest, formOf(["room", room], ["attachment", FILE])),
    "rest, file first": await make(rest, formOf(["attachment", FILE], ["room", room])),
  };
}

const MESSAGES = "query ($id: ID!) { chatRoom(id: $id) { messages(last: 100) { nodes { id } } } }";

/** How many messages there are, and files: stored, or on their way. */
async function stateOf(target: Target) {
  const shown = JSON.stringify(await target.graphql(MESSAGES, { id: target.filled("§room§") }));
  const { stored, incoming, parsed } = await target.files();
  return {
    messages: shown.split('"id"').length - 1,
    ...{ stored: stored.length, incoming: incoming.length, parsed: parsed.length },
  };
}
