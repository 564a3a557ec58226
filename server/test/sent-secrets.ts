import { unescape } from "node:querystring";
import { keepOutOfLogs } from "./watched-log.js";

// What stands in a request, a frame or a setting that no log may hold. All of it is private, but for what its name says
// is not: a field that is new is private without anybody thinking of it.

/** Names of what points at something and holds nothing that anybody wrote. */
const PUBLIC_NAMES = new Set(["__typename", "operationName", "clientKey", "client_key", "sha256Hash"]);
/** The same, and whatever name ends with such a word: `roomId`, `createdAt`. No key is, since some open something. */
const PUBLIC_WORDS = new Set([
  "id",
  "ids",
  "type",
  "kind",
  "status",
  "role",
  "cursor",
  "after",
  "before",
  "order",
  "at",
]);
/** Headers that say who somebody is, or hold what they chose. */
const PRIVATE_HEADERS = new Set([
  "authorization",
  "cookie",
  "idempotency-key",
  "sec-websocket-protocol",
  "x-gateway-secret",
]);
const PUBLIC_SUBPROTOCOL = "graphql-transport-ws";
/** Settings that are secrets as they are; in those that are addresses, the password is. */
const PRIVATE_SETTING = /(SECRET|TOKEN|PASSWORD|_KEY|_KEY_ID)$/;
/** So much of a text is enough to know it again. */
const MAX_LENGTH = 200;

/** What is private in one piece of what was sent: a form's fields and files, JSON, lines of it, any other text. */
export function keepSentOutOfLogs(sent: string): void {
  if (sent.includes("Content-Disposition: form-data")) return keepForm(sent);
  const whole = parseJson(sent);
  const values =
    whole === undefined
      ? sent
          .split("\n")
          .map(parseJson)
          .filter((line) => line !== undefined)
      : [whole];
  if (values.length > 0) keepValue("", values);
  else keep("", sent);
}

function keepForm(form: string): void {
  for (const part of form.split(/\r\n(?=--|$)/)) {
    const [headers = "", ...value] = part.split("\r\n\r\n");
    keep("", /; filename="([^"]*)"/.exec(headers)?.[1]);
    keepField(/; name="([^"]*)"/.exec(headers)?.[1] ?? "", value.join("\r\n\r\n"));
  }
}

function keepField(name: string, value: string): void {
  if (name === "map") return;
  const json = name === "operations" ? parseJson(value) : undefined;
  keepValue(name, json ?? value);
}

function parseJson(text: string): unknown {
  try {
    return /^\s*[[{]/.test(text) ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function keepValue(name: string, value: unknown): void {
  // Some tests send what is nested deeper than calls can be.
  const left: [name: string, value: unknown][] = [[name, value]];
  for (const [field, inner] of left) {
    if (typeof inner === "string") keepText(field, inner);
    else if (Array.isArray(inner)) for (const item of inner) left.push([field, item]);
    else if (typeof inner === "object" && inner !== null) for (const entry of Object.entries(inner)) left.push(entry);
  }
}

function keepText(name: string, text: string): void {
  if (name === "query" && text.includes("{")) keepLiterals(text);
  else keep(name, text);
}

/**
 * A word, a block string, or a string. Each ends with the document where it is not closed: so something is matched
 * wherever one begins, and a hostile document is gone through once. A name that is longer is nobody's.
 */
const WORD_OR_STRING = /(\w{1,60})|"""((?:\\"""|[^])*?)(?:"""|$)|"((?:[^"\\]+|\\.)*)"?/g;

/** A literal is what the last word before it says, also one of several in a list. */
function keepLiterals(document: string): void {
  let name = "";
  for (const [, word, block, text] of document.matchAll(WORD_OR_STRING)) {
    name = word ?? name;
    // A block is indented as its document is.
    for (const line of (block ?? text ?? "").split("\n")) keep(name, line.trim());
  }
}

function keep(name: string, value: string | undefined): void {
  if (!value) return;
  const lastWord = name.split(/_|(?=[A-Z])/).at(-1) ?? "";
  if (PUBLIC_NAMES.has(name) || PUBLIC_WORDS.has(lastWord.toLowerCase())) return;
  // A copy: a slice holds all that it was cut from.
  keepOutOfLogs(structuredClone(value.replace(/^(bearer|basic) /i, "").slice(0, MAX_LENGTH)));
}

/** What a server tells of files that people have sent: their names, and the words beside them. All else in it is its own. */
export function keepToldFilesOutOfLogs(told: string): void {
  const left = [parseJson(told)];
  for (const value of left) {
    if (typeof value !== "object" || value === null) continue;
    const { attachment, content } = value as {
      readonly attachment?: { readonly name?: unknown };
      readonly content?: unknown;
    };
    for (const text of attachment ? [attachment.name, content] : []) if (typeof text === "string") keep("", text);
    for (const inner of Object.values(value)) left.push(inner);
  }
}

/** What is private of a request beside its body. */
export function keepRequestOutOfLogs(path: string, headers: Iterable<readonly [string, string]>): void {
  for (const [name, value] of new URLSearchParams(path.split("?")[1])) keep(name, value);
  for (const [name, value] of headers) {
    if (!PRIVATE_HEADERS.has(name.toLowerCase())) continue;
    for (const word of value.split(/[\s,;=]+/)) if (word !== PUBLIC_SUBPROTOCOL) keepOutOfLogs(word);
  }
}

/** What is private of an environment that a server is started with. */
export function keepSettingsOutOfLogs(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (PRIVATE_SETTING.test(name)) keepOutOfLogs(value);
    if (value === undefined || !URL.canParse(value)) continue;
    const { password } = new URL(value);
    keepOutOfLogs(password);
    // It may be no text that anything was encoded to, which this one does not throw for.
    keepOutOfLogs(unescape(password));
  }
}
