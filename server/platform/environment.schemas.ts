import { isIP } from "node:net";
import { z } from "zod";
import { DURATION_FORM, formatDuration, parseDuration, parseRate, type Rate } from "./duration.js";

/** How the value of an environment variable is written. Each message continues the sentence `VARIABLE "value" ...`. */
type TextSchema<Value> = z.ZodType<Value, string>;

/** A schema from a parser that answers undefined for what it does not understand. */
function parsedBy<Value extends {}>(parse: (text: string) => Value | undefined, message: string): TextSchema<Value> {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

export function text(): TextSchema<string> {
  return z.string();
}

/** A secret of at least so many bytes. The message tells its length and never the secret. */
export function secret(limits: { readonly minBytes: number }): TextSchema<string> {
  return z.string().refine((value) => Buffer.byteLength(value) >= limits.minBytes, {
    error: (issue) =>
      `is ${Buffer.byteLength(String(issue.input))} bytes long, and at least ${limits.minBytes} are needed`,
  });
}

/** A secret that travels in an `Authorization` header. */
export function bearerToken(): TextSchema<string> {
  return z.string().regex(/^[\x21-\x7e]+$/, "can't travel in a header: it has spaces or letters beyond ASCII in it");
}

/** `on` or `off`; `true`, `yes`, `1` and their opposites are understood too. */
export function toggle(): TextSchema<boolean> {
  return parsedBy(parseToggle, "is neither on nor off");
}

function parseToggle(value: string): boolean | undefined {
  const word = value.toLowerCase();
  if (["on", "true", "yes", "1"].includes(word)) return true;
  return ["off", "false", "no", "0"].includes(word) ? false : undefined;
}

/** An address or a name of this machine. */
export function listenAddress(): TextSchema<string> {
  return z
    .string()
    .refine(
      (value) => isIP(value) !== 0 || /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i.test(value),
      "is neither an IP address nor a host name",
    );
}

export function oneOf<const Words extends readonly string[]>(words: Words): TextSchema<Words[number]> {
  return parsedBy((value) => words.find((word) => word === value.toLowerCase()), `is not one of ${words.join(", ")}`);
}

export function wholeNumber(range: { readonly min: number; readonly max: number }): TextSchema<number> {
  const parse = (value: string): number | undefined => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : undefined;
    return number !== undefined && number >= range.min && number <= range.max ? number : undefined;
  };
  return parsedBy(parse, `is not a whole number from ${range.min} to ${range.max}`);
}

/** A duration, in milliseconds. */
export function durationMs(range: { readonly minMs: number; readonly maxMs: number }): TextSchema<number> {
  return parsedBy(parseDuration, `is not a duration: ${DURATION_FORM}`).refine(
    (value) => value >= range.minMs && value <= range.maxMs,
    `is not between ${formatDuration(range.minMs)} and ${formatDuration(range.maxMs)}`,
  );
}

/** A rate such as `30/10s`, or `off` for none. */
export function rateOrOff(): TextSchema<Rate | "off"> {
  const parse = (value: string): Rate | "off" | undefined => (value.toLowerCase() === "off" ? "off" : parseRate(value));
  return parsedBy(parse, "is neither a rate (how many, a slash, a duration; like 30/10s) nor off");
}

/** An absolute URL with one of the schemes (`https:`), and a host unless it is a socket's. */
export function url(schemes: readonly string[]): TextSchema<string> {
  const names = schemes.map((scheme) => `${scheme}//`).join(" or ");
  return parsedBy(
    (value) => (URL.canParse(value) && schemes.includes(new URL(value).protocol) ? value : undefined),
    `is not a URL that starts with ${names}`,
  );
}

const ORIGIN_FORM = "a scheme, a host and perhaps a port, like https://chat.example.com, without a path";

/** `https://chat.example.com`, in the form that browsers send it. */
export function parseOrigin(value: string): string | undefined {
  if (!/^https?:\/\/[^/?#@\s*]+\/?$/i.test(value) || !URL.canParse(value)) return undefined;
  return new URL(value).origin;
}

export function origin(): TextSchema<string> {
  return parsedBy(parseOrigin, `is not an origin: ${ORIGIN_FORM}`);
}

/** Exact origins with commas between them. `*` stands for all; whether it is allowed is for others to say. */
export function origins(): TextSchema<readonly string[]> {
  const parse = (item: string): string | undefined => (item === "*" ? item : parseOrigin(item));
  return parsedBy(listOf(/[\s,]+/, parse), `is not a list of origins with commas between them: ${ORIGIN_FORM}`);
}

/** Host names without a port, with commas between them; `.example.com` also covers what is below it, `*` is any. */
export function hostNames(): TextSchema<readonly string[]> {
  const parse = (item: string): string | undefined =>
    /^(?:\*|\.?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/i.test(item) ? item.toLowerCase() : undefined;
  return parsedBy(
    listOf(/[\s,]+/, parse),
    "is not a list of host names with commas between them (no scheme, no port), like chat.example.com, .example.org",
  );
}

/** The sources of a Content-Security-Policy directive, with spaces between them. */
export function cspSources(): TextSchema<readonly string[]> {
  return parsedBy(listOf(/\s+/, parseCspSource), "is not 'none', 'self', or origins with spaces between them").refine(
    (sources) => sources.length === 1 || !sources.includes("'none'"),
    "has 'none' beside other sources",
  );
}

function parseCspSource(item: string): string | undefined {
  // A shell eats the quotes that CSP wants around its two words.
  if (/^'?(?:none|self)'?$/i.test(item)) return `'${item.replaceAll("'", "").toLowerCase()}'`;
  return /^(?:\*|https?:|(?:https?:\/\/)?(?:\*\.)?[a-z0-9.-]+(?::(?:\d+|\*))?)$/i.test(item) ? item : undefined;
}

/** Which proxies to believe: `off`, `on`, how many there are, or their addresses; in the form that Fastify takes. */
export function proxies(): TextSchema<boolean | number | string> {
  return parsedBy(parseProxies, "is neither off, on, a number of proxies, nor a list of their addresses");
}

function parseProxies(value: string): boolean | number | string | undefined {
  if (/^[1-9]\d?$/.test(value)) return Number(value);
  return parseToggle(value) ?? listOf(/[\s,]+/, parseProxyAddress)(value)?.join(",");
}

function parseProxyAddress(item: string): string | undefined {
  if (["loopback", "linklocal", "uniquelocal"].includes(item)) return item;
  const [address = "", bits = "0", ...rest] = item.split("/");
  return isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && rest.length === 0 ? item : undefined;
}

function listOf(
  separator: RegExp,
  parseItem: (item: string) => string | undefined,
): (value: string) => readonly string[] | undefined {
  return (value) => {
    const items = value.split(separator).filter((item) => item !== "");
    const parsed = items.map(parseItem).filter((item) => item !== undefined);
    return items.length > 0 && parsed.length === items.length ? parsed : undefined;
  };
}
