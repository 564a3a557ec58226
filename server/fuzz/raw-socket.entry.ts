import { randomUUID } from "node:crypto";
import { closeCodes } from "../transports/socket/protocol.js";
import { requireErrorFrame, WrongAnswer } from "./answers.js";
import { anyJson, anyText, Choices, choices, mangled } from "./choices.js";
import { entry } from "./entry.js";
import { jsonOf } from "./json.js";
import { dialLine } from "./socket-line.js";

interface Conversation {
  readonly address: string;
  readonly frames: readonly (string | Buffer)[];
}

const COMMANDS = [
  "message_send",
  "message_edit",
  "message_delete",
  "reaction_add",
  "reaction_remove",
  "typing",
  "authenticate",
] as const;
const FIELDS = [
  "content",
  "message_type",
  "message_id",
  "emoji",
  "is_typing",
  "token",
  "client_mutation_id",
  "__proto__",
] as const;
const TOO_LONG = 128 * 1024 + 1;

function anyFrame(choose: Choices): string | Buffer {
  if (choose.rarely(25)) return Buffer.from(anyText(choose));
  if (choose.rarely(60)) return "x".repeat(TOO_LONG);
  if (choose.rarely(8)) return jsonOf(anyJson(choose));
  const fields = FIELDS.filter(() => choose.rarely(2)).map((name) => [
    name,
    choose.rarely(3) ? anyJson(choose) : usual(choose, name),
  ]);
  const text = jsonOf({ type: choose.of(COMMANDS), ...Object.fromEntries(fields) });
  return choose.rarely(8) ? mangled(choose, text) : text;
}

function usual(choose: Choices, name: (typeof FIELDS)[number]): unknown {
  if (name === "message_id") return choose.of(["§message§", 1, 2, 3]);
  if (name === "emoji") return choose.of(["👍", "❤", "ab"]);
  if (name === "is_typing") return choose.rarely(2);
  if (name === "client_mutation_id") return "§uuid§";
  if (name === "message_type") return choose.of(["text", "image", "file"]);
  return anyText(choose);
}

function anyConversation(choose: Choices): Conversation {
  const place = choose.rarely(10) ? encodeURIComponent(anyText(choose).toWellFormed()).slice(0, 200) || "x" : "§room§";
  const query = choose.rarely(4)
    ? `?after=${encodeURIComponent(choose.of(["", "0", "1", "-1", "99999", "x"]))}&epoch=§epoch§`
    : "";
  return { address: `/ws/chat/${place}/${query}`, frames: choose.list(7, () => anyFrame(choose)) };
}

/** Of RFC 6455, from the library: the goodbye's answer, bytes that are no text, a frame that is too long. */
const OF_THE_PROTOCOL = [1000, 1005, 1007, 1009];
const KNOWN: ReadonlySet<number> = new Set([...Object.values(closeCodes), ...OF_THE_PROTOCOL]);

/** Frames on raw WebSockets: commands, such as nearly are some, and whatever else a frame can be. */
export const rawSocket = entry<Conversation>("raw-socket", async (target) => ({
  inputs: choices.map((numbers) => anyConversation(new Choices(numbers))),
  async send({ address, frames }) {
    const line = dialLine(`${target.url}${target.filled(address)}`, {
      headers: { authorization: `Bearer ${target.token}` },
    });
    await line.opened();
    for (const frame of frames) line.send(typeof frame === "string" ? target.filled(frame) : frame);
    // Commands are carried out in their order: this one's answer is the last.
    const last = randomUUID();
    line.send(JSON.stringify({ type: "nothing", client_mutation_id: last }));
    await line.hears("the answer to the last frame", (frame) => frame.includes(last));
    for (const frame of line.frames.map((text): unknown => JSON.parse(text)))
      if (Object(frame).type === "error") requireErrorFrame(frame);
    const code = line.code();
    if (code !== undefined && (!KNOWN.has(code) || code === closeCodes.OUR_FAULT))
      throw new WrongAnswer(`closed with ${code}`);
    await line.close();
  },
}));
