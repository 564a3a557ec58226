import type { z } from "zod";
import type { ErrorCode } from "../../platform/errors.js";
import type { HostScope, Scope } from "../../platform/scope.js";
import { InvalidInput } from "./errors.js";

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

/** What a successful answer holds, by status; null is an answer without content. */
export type Answers = Readonly<Record<number, z.ZodType | null>>;

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One of a route's answers, as the compiler holds it against the schema of its status. */
type AnswerOf<Of extends Answers> = {
  readonly [Status in keyof Of & number]: Omit<Answer, "body"> & {
    readonly status: Status;
    readonly body: Of[Status] extends z.ZodType ? z.output<Of[Status]> : undefined;
  };
}[keyof Of & number];

/** An answer, with the very status that it has as its type. */
export function answer<const Status extends number, Body>(
  status: Status,
  body: Body,
  headers: Readonly<Record<string, string>> = {},
): { readonly status: Status; readonly body: Body; readonly headers: Readonly<Record<string, string>> } {
  return { status, body, headers };
}

/** Where the parts of an input stand in a request. */
export interface Parts {
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodObject;
}

/** A request before it was looked at. */
export interface RawRequest {
  readonly id: string;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
  /** As it was asked for, absolute. */
  readonly url: URL;
}

/** A request with the parts that its route asks for. */
export interface Asked<Of extends Parts> {
  /** The number in the path, as it stands there; empty where there is none. */
  readonly id: string;
  readonly query: PartOf<Of["query"]>;
  readonly headers: PartOf<Of["headers"]>;
  readonly body: PartOf<Of["body"]>;
  readonly url: URL;
}

type PartOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What the OpenAPI document says of a route. */
export interface Described {
  readonly method: Method;
  /** Below `/api/chat`, without a slash at the end; served with one, too. */
  readonly path: string;
  readonly summary: string;
  readonly answers: Answers;
  /** What can be refused, besides what any call can be. */
  readonly refuses: readonly ErrorCode[];
  /** What REST calls an input, where the verb has another name for it. */
  readonly names?: Readonly<Record<string, string>>;
  /** It takes a form, too, and in it a file. */
  readonly form?: TakenForm;
}

/** What a route takes of a form. */
export interface TakenForm {
  /** The field of the body that a file may be. */
  readonly file: string;
  /**
   * Whether the caller may send a file at all, as far as the fields say that have come before it: asked before any of it
   * is read.
   * @throws DomainError
   */
  readonly admit: (scope: Scope, texts: Readonly<Record<string, string>>) => Promise<void>;
}

/** The path as it is documented: with the slash that Django's addresses end with. */
export function shownPath({ path }: Described): string {
  return `${path}/`;
}

/** A call by a person, and what it comes to: one verb. */
export interface PersonRoute extends Described {
  readonly caller: "person";
  readonly parts: Parts;
  /** Looks at what comes before a body. @throws InvalidInput */
  readonly requireHead: (request: Omit<RawRequest, "body">) => void;
  readonly run: (scope: Scope, request: RawRequest) => Promise<Answer>;
}

/** A call by the host product: rows under their name, or by themselves. */
export interface HostRoute extends Described {
  readonly caller: "host";
  readonly rows: string;
  /** With the names that the verb has for fields. */
  readonly input: z.ZodType;
  readonly run: (scope: HostScope, input: unknown) => Promise<unknown>;
}

export type Route = PersonRoute | HostRoute;

interface Definition<Of extends Parts, To extends Answers> extends Described {
  readonly answers: To;
  readonly parts: Of;
  readonly run: (scope: Scope, request: Asked<Of>) => Promise<AnswerOf<To>>;
}

/** A row of the table: the compiler holds what its verb takes and what it answers against the schemas. */
export function personRoute<const Of extends Parts, const To extends Answers>(
  definition: Definition<Of, To>,
): PersonRoute {
  const { parts, run } = definition;
  return {
    ...definition,
    caller: "person",
    requireHead({ query, headers }) {
      if (parts.query !== undefined) parsePart(parts.query, query);
      if (parts.headers !== undefined) parsePart(parts.headers, headers);
    },
    run: (scope, request) => run(scope, parseParts(parts, request)),
  };
}

/** @throws InvalidInput with every field that is at fault */
function parseParts<Of extends Parts>(parts: Of, request: RawRequest): Asked<Of> {
  const { query, headers, body } = parts;
  const known = {
    id: request.id,
    url: request.url,
    query: query && parsePart(query, request.query),
    headers: headers && parsePart(headers, request.headers),
    body: body && parsePart(body, request.body),
  };
  return known as Asked<Of>;
}

function parsePart(schema: z.ZodObject, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidInput(result.error.issues);
}
