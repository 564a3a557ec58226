import fc from "fast-check";
import { eventually } from "../chaos/until.js";
import { connectAndSend, filesIn, formOf, requestBytes, sendAndBreakOff, uploadForm } from "../test/uploads.js";
import { WrongAnswer } from "./answers.js";
import { entry } from "./entry.js";
import type { Target } from "./target.js";

interface Break {
  readonly way: "graphql" | "rest" | "rest, file first";
  /** How much of the request leaves, of 1. */
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
    // As many in the head and the fields as in the file.
    inputs: fc.record({
      way: fc.constantFrom(...WAYS),
      share: fc.oneof(fc.double({ min: 0, max: 0.002, noNaN: true }), fc.double({ min: 0, max: 0.999_9, noNaN: true })),
    }),
    async send({ way, share }) {
      const { url, bytes } = requests[way];
      await sendAndBreakOff(url, bytes.subarray(0, Math.floor((bytes.length - 1) * share)));
    },
    async end() {
      // Each way works still, and one that is whole leaves its own file: so what was sent before it has ended.
      for (const way of WAYS)
        await eventually(() => isTaken(requests[way]), `an upload by ${way} to be taken`, GIVE_UP_MS);
      const expected = { messages: before.messages + WAYS.length, files: before.files.length + WAYS.length };
      const isClean = async (): Promise<boolean> => {
        const { messages, files } = await stateOf(target);
        return messages === expected.messages && files.length === expected.files;
      };
      await eventually(isClean, "nothing to be left of uploads that broke off", GIVE_UP_MS).catch(async () => {
        throw new WrongAnswer(`before ${JSON.stringify(before)}, left ${JSON.stringify(await stateOf(target))}`);
      });
    },
  };
});

interface Whole {
  readonly url: string;
  readonly bytes: Buffer;
}

/** Sends a whole request; false when the server asks to wait for others to end. */
async function isTaken({ url, bytes }: Whole): Promise<boolean> {
  const socket = await connectAndSend(url, bytes);
  const answer = await new Promise<string>((resolve) => {
    socket.once("data", (data: Buffer) => resolve(data.toString()));
    socket.once("close", () => resolve(""));
  });
  socket.destroy();
  if (/^HTTP\/1\.1 20[01] /.test(answer) && !answer.includes('"errors"')) return true;
  if (answer.startsWith("HTTP/1.1 429 ")) return false;
  throw new WrongAnswer(`a whole upload is answered by ${answer}`);
}

async function wholeRequests(target: Target): Promise<Readonly<Record<Break["way"], Whole>>> {
  const [room, authorization] = [target.filled("§room§"), `Bearer ${target.token}`];
  const headers = { Authorization: authorization, "apollo-require-preflight": "1" };
  const [graphql, rest] = [`${target.url}/graphql`, `${target.url}/api/chat/messages/`];
  const make = async (url: string, form: FormData): Promise<Whole> => ({
    url,
    bytes: await requestBytes(url, form, headers),
  });
  return {
    graphql: await make(graphql, uploadForm({ roomId: room }, FILE)),
    rest: await make(rest, formOf(["room", room], ["attachment", FILE])),
    "rest, file first": await make(rest, formOf(["attachment", FILE], ["room", room])),
  };
}

const MESSAGES = "query ($id: ID!) { chatRoom(id: $id) { messages(last: 100) { nodes { id } } } }";

/** How many messages there are, and the files, kept or on their way. */
async function stateOf(target: Target) {
  const shown = JSON.stringify(await target.graphql(MESSAGES, { id: target.filled("§room§") }));
  const files = (await filesIn(target.dataDir)).filter((path) => /^(media|incoming)\//.test(path));
  return { messages: shown.split('"id"').length - 1, files };
}
