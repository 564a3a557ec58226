import { randomUUID } from "node:crypto";
import { createSchema } from "../transports/graphql/schema.js";
import { requireGraphqlErrors, WrongAnswer } from "./answers.js";
import { anyJson, anyText, Choices, choices, mangled } from "./choices.js";
import { entry } from "./entry.js";
import { anyOperation } from "./graphql.inputs.js";
import { jsonOf } from "./json.js";
import { dialLine } from "./socket-line.js";

type Conversation = readonly (string | Buffer)[];

const { schema } = createSchema();
const TYPES = ["subscribe", "complete", "ping", "pong", "connection_init", "next", "connection_ack"] as const;

function anyMessage(choose: Choices): string | Buffer {
  if (choose.rarely(30)) return Buffer.from(anyText(choose));
  if (choose.rarely(12)) return jsonOf(anyJson(choose));
  const id = choose.of(["a", "b", "c", "d"]);
  if (choose.rarely(6)) return jsonOf({ type: choose.of(TYPES), id, payload: anyJson(choose) });
  if (choose.rarely(5)) return jsonOf({ type: "complete", id });
  const text = jsonOf({ type: "subscribe", id: `${id}${choose.number(1_000)}`, payload: anyOperation(schema, choose) });
  return choose.rarely(12) ? mangled(choose, text) : text;
}

/** Of RFC 6455, of graphql-ws, and ours: docs/errors.md has what they mean. */
const KNOWN: ReadonlySet<number> = new Set([1000, 1001, 1005, 1007, 1009, 1013, 4400, 4401, 4408, 4409, 4429]);

/** What is said by graphql-transport-ws: operations by the schema and mangled, and messages out of their order. */
export const graphqlSocket = entry<Conversation>("graphql-socket", async (target) => ({
  inputs: choices.map((numbers) => {
    const choose = new Choices(numbers);
    return choose.list(5, () => anyMessage(choose));
  }),
  async send(messages) {
    const line = dialLine(`${target.url}/graphql`, { protocols: ["graphql-transport-ws"] });
    await line.opened();
    line.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${target.token}` } }));
    await line.hears("the acknowledgement", (frame) => frame.includes("connection_ack"));
    for (const message of messages) line.send(typeof message === "string" ? target.filled(message) : message);
    const last = randomUUID();
    line.send(JSON.stringify({ type: "subscribe", id: last, payload: { query: "{ chatViewer { id } }" } }));
    await line.hears("the answer to the last operation", (frame) => frame.includes(last));
    for (const frame of line.frames.map((text): unknown => JSON.parse(text))) requireKnown(frame);
    const code = line.code();
    if (code !== undefined && !KNOWN.has(code)) throw new WrongAnswer(`closed with ${code}`);
    await line.close();
  },
}));

function requireKnown(frame: unknown): void {
  const { type, payload } = Object(frame) as { type: unknown; payload: unknown };
  if (type === "error") requireGraphqlErrors(payload);
  if (type === "next" && Object(payload).errors !== undefined) requireGraphqlErrors(Object(payload).errors);
}
