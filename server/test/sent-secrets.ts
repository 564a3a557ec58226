import { keepOutOfLogs } from "./watched-log.js";

// What stands in a request, a frame or a setting that no log may hold. All of it is private, but for what its name says
// is not: a field that is new is private without anybody thinking of it.

/** Names, or the last words of names, of what points at something and holds nothing that anybody wrote. */
const PUBLIC_NAMES = new Set([
  ...["id", "ids", "key", "type", "kind", "status", "role", "cursor", "after", "before", "order", "hash", "at"],
  ...["typename", "operationName"],
]);
/** Headers that say who somebody is, or hold what they chose. */
const PRIVATE_HEADERS = new Set([
  "authorization",
  "cookie",
  "idempotency-key",
  "sec-websocket-protocol",
  "x-gateway-secret",
]);
const PUBLIC_WORDS = new Set(["graphql-transport-ws"]);
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
  for (const [, name] of form.matchAll(/filename="([^"]*)"/g)) keep("", name);
  for (const [, name = "", value = ""] of form.matchAll(FORM_FIELD)) keepField(name, value);
}

const FORM_FIELD = /; name="([^"]*)"[^]*?\r\n\r\n([^]*?)\r\n(?=--|$)/g;

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
    else if (typeof inner === "object" && inner !== null) left.push(...Object.entries(inner));
  }
}

function keepText(name: string, text: string): void {
  if (name === "query" && text.includes("{")) keepLiterals(text);
  else keep(name, text);
}

function keepLiterals(document: string): void {
  for (const [, name = "", value] of document.matchAll(/(\w+)\s*:\s*"((?:[^"\\]|\\.)*)"/g)) keep(name, value);
}

function keep(name: string, value: string | undefined): void {
  const lastWord = name.split(/_|(?=[A-Z])/).at(-1) ?? "";
  if (value === undefined || PUBLIC_NAMES.has(name) || PUBLIC_NAMES.has(lastWord.toLowerCase())) return;
  keepOutOfLogs(value.replace(/^(bearer|basic) /i, "").slice(0, MAX_LENGTH));
}

/** What is private of a request beside its body. */
export function keepRequestOutOfLogs(path: string, headers: Iterable<readonly [string, string]>): void {
  for (const [name, value] of new URL(path, "http://localhost").searchParams) keep(name, value);
  for (const [name, value] of headers) {
    if (!PRIVATE_HEADERS.has(name.toLowerCase())) continue;
    for (const word of value.split(/[\s,;=]+/)) if (!PUBLIC_WORDS.has(word)) keepOutOfLogs(word);
  }
}

/** What is private of an environment that a server is started with. */
export function keepSettingsOutOfLogs(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (PRIVATE_SETTING.test(name)) keepOutOfLogs(value);
    if (value !== undefined && URL.canParse(value)) keepOutOfLogs(decodeURIComponent(new URL(value).password));
  }
}
