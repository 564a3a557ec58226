import { z } from "zod";
import { errorCodes } from "../platform/errors.js";
import { httpStatus } from "../transports/http.js";

/** What an answer may look like at all, whatever was sent: docs/errors.md, as checks that throw what differs. */

const codes = Object.keys(errorCodes).filter((code) => code !== "INTERNAL_SERVER_ERROR");
const statuses = Object.values(httpStatus).filter((status) => status !== httpStatus.INTERNAL_SERVER_ERROR);

/** A method that is not there, and headers that are too long. */
const OF_HTTP = [405, 431];

const graphqlError = z.strictObject({
  message: z.string().min(1),
  locations: z.array(z.strictObject({ line: z.int(), column: z.int() })).optional(),
  path: z.array(z.union([z.string(), z.int()])).optional(),
  extensions: z.strictObject({
    code: z.enum(codes),
    field: z.string().optional(),
    retryAfterMs: z.number().optional(),
  }),
});
const data = z.record(z.string(), z.unknown()).nullish();
const graphqlAnswer = z.strictObject({ data, errors: z.array(graphqlError).min(1).optional() });
/** Not of GraphQL's own route, such as what the server says of an address that can't be decoded. */
const detail = z.strictObject({ detail: z.string().min(1) });
const restRefusal = z.union([detail, z.record(z.string(), z.array(z.string().min(1)).min(1))]);
const errorFrame = z.strictObject({
  type: z.literal("error"),
  code: z.enum(codes),
  detail: z.string().min(1),
  retry_after_ms: z.number().optional(),
  client_mutation_id: z.string().optional(),
});

/** What no answer may ever have in it. */
const INSIDE = /node_modules|\.[jt]s:\d+:\d+|\bat [\w.<>]+ \(|INTERNAL_SERVER_ERROR|pglite|kysely/i;

export class WrongAnswer extends Error {
  override readonly name = "WrongAnswer";
}

export async function requireGraphqlAnswer(response: Response): Promise<void> {
  const text = await plainText(response, [200]);
  const answer = graphqlAnswer.safeParse(parseJson(text));
  if (!answer.success && !detail.safeParse(parseJson(text)).success) throw wrong(response, text, answer.error);
  if (answer.data && answer.data.data === undefined && answer.data.errors === undefined) throw wrong(response, text);
}

export async function requireRestAnswer(response: Response, head = false): Promise<void> {
  const text = await plainText(response, [200, 201, 204, 304]);
  if (head || response.status === 204) {
    if (text !== "") throw wrong(response, text);
    return;
  }
  const answer = parseJson(text);
  if (response.ok) return;
  const refusal = restRefusal.safeParse(answer);
  if (!refusal.success) throw wrong(response, text, refusal.error);
}

export function requireErrorFrame(frame: unknown): void {
  const { error } = errorFrame.safeParse(frame);
  if (error) throw new WrongAnswer(`${JSON.stringify(frame)}: ${z.prettifyError(error)}`);
}

export function requireGraphqlErrors(errors: unknown): void {
  const { error } = z.array(graphqlError).min(1).safeParse(errors);
  if (error) throw new WrongAnswer(`${JSON.stringify(errors)}: ${z.prettifyError(error)}`);
}

async function plainText(response: Response, more: readonly number[]): Promise<string> {
  const text = await response.text();
  const isKnown = [...statuses, ...OF_HTTP, ...more].includes(response.status);
  if (!isKnown || INSIDE.test(text)) throw wrong(response, text);
  return text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WrongAnswer(`This is no JSON: ${text.slice(0, 300)}`);
  }
}

function wrong({ status, url }: Response, text: string, error?: z.ZodError): WrongAnswer {
  const why = error === undefined ? "" : `\n${z.prettifyError(error)}`;
  return new WrongAnswer(`${url} answers ${status} ${text.slice(0, 500)}${why}`);
}
