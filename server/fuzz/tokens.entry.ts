import { httpStatus } from "../transports/http.js";
import { closeCodes } from "../transports/socket/protocol.js";
import { requireGraphqlAnswer, requireRestAnswer, WrongAnswer } from "./answers.js";
import { anyJson, anyText, Choices, choices, mangled } from "./choices.js";
import { entry } from "./entry.js";
import { jsonOf } from "./json.js";
import { dialLine } from "./socket-line.js";
import type { Target } from "./target.js";

interface Attempt {
  readonly way: "graphql" | "rest" | "media" | "socket" | "frame";
  /** `§token§` in it is a valid one. */
  readonly credentials: string;
  readonly numbers: readonly number[];
}

const ALGORITHMS = ["none", "HS256", "None", "RS256", "HS512", "ES256", "", "dir"] as const;
const SCHEMES = ["Bearer ", "bearer ", "Bearer", "Basic ", "", "Bearer  ", "JWT "] as const;
const encoded = (value: unknown): string => Buffer.from(jsonOf(value)).toString("base64url");

/** One that nobody has signed. */
function forged(choose: Choices): string {
  const header = {
    alg: choose.of(ALGORITHMS),
    typ: "JWT",
    ...(choose.rarely(4) ? { kid: anyText(choose), jwk: anyJson(choose), jku: "http://127.0.0.1:1/" } : {}),
  };
  const claims = choose.rarely(4)
    ? anyJson(choose)
    : { sub: anyText(choose), exp: choose.of([9_999_999_999, 0, -1, 1e300]), iat: anyJson(choose) };
  return [encoded(header), encoded(claims), choose.of(["", "AAAA", encoded(anyJson(choose))])].join(".");
}

function anyAttempt(numbers: readonly number[]): Attempt {
  const choose = new Choices(numbers);
  const way = choose.of(["graphql", "rest", "media", "socket", "frame"]);
  const token = choose.rarely(2) ? forged(choose) : choose.rarely(3) ? anyText(choose) : "§token§";
  const scheme = choose.rarely(6) ? choose.of(SCHEMES) : "Bearer ";
  return { way, credentials: `${scheme}${token}`, numbers: choose.rarely(2) ? [] : numbers };
}

/** What stands in a header: nothing but what may stand there. */
const asHeader = (text: string): string => text.replace(/[^ -~]/gu, "").trim();

/** Whether it says, to the bit, what a valid one does: base64 has several ways to write its last letter. */
function isSame(credentials: string, token: string): boolean {
  const bytesOf = (text: string) =>
    text
      .split(".")
      .map((part) => Buffer.from(part, "base64url").toString("hex"))
      .join(".");
  return bytesOf(credentials.replace(/^bearer +/i, "")) === bytesOf(token);
}

/** Tokens: forged, mangled, and what is none at all. Whoever has none of ours gets nowhere. */
export const tokens = entry<Attempt>("tokens", async (target) => ({
  inputs: choices.map(anyAttempt),
  async send({ way, credentials, numbers }) {
    const known = credentials.replace("§token§", target.token);
    const given = asHeader(numbers.length === 0 ? known : mangled(new Choices(numbers), known));
    const gotIn =
      way === "socket" || way === "frame" ? await overSocket(target, way, given) : await overHttp(target, way, given);
    if (gotIn && !isSame(given, target.token)) throw new WrongAnswer(`${way} let in ${given}`);
  },
}));

/** How a door is said to be closed: to this token, or to any that is so long. */
const CLOSED: ReadonlySet<number> = new Set([httpStatus.UNAUTHENTICATED, 431]);

/** Whether it opened. */
async function overHttp({ url }: Target, way: Attempt["way"], authorization: string): Promise<boolean> {
  const headers = { authorization, "content-type": "application/json" };
  if (way === "graphql") {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers,
      body: '{"query":"{ chatViewer { id } }"}',
    });
    await requireGraphqlAnswer(response);
    return !CLOSED.has(response.status);
  }
  const path = way === "rest" ? "/api/chat/rooms/" : "/media/chat_attachments/2026/01/01/a.png";
  const response = await fetch(`${url}${path}`, { headers });
  await requireRestAnswer(response);
  return !CLOSED.has(response.status);
}

async function overSocket({ url, filled }: Target, way: Attempt["way"], given: string): Promise<boolean> {
  const address = `${url}${filled("/ws/chat/§room§/")}?after=`;
  const line = dialLine(address, way === "socket" ? { headers: { authorization: given } } : {});
  await line.opened();
  if (way === "frame") line.send(JSON.stringify({ type: "authenticate", token: given.replace(/^bearer +/i, "") }));
  await line.hears("where the stream starts", (frame) => frame.includes('"ready"'));
  const refused = line.refused();
  if (refused !== undefined && !CLOSED.has(refused)) throw new WrongAnswer(`an upgrade was refused with ${refused}`);
  const code = line.code();
  if (refused === undefined && code !== undefined && code !== closeCodes.UNAUTHENTICATED)
    throw new WrongAnswer(`${given} closed a socket with ${code}`);
  await line.close();
  return code === undefined && refused === undefined;
}
