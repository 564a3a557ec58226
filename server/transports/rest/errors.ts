import { toDomainError, type DomainError } from "../../platform/errors.js";
import { headersOf, httpStatus, statusOfRequestFault } from "../http.js";
import { snakeCase } from "./names.js";

/** A refusal as Django REST framework writes it. */
export interface RestRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Where a fault belongs that is no single field's. */
const NO_FIELD = "non_field_errors";

/** Something in a request has not the form that its route asks for: everything that is at fault, by field. */
export class InvalidInput extends Error {
  override readonly name = "InvalidInput";
  readonly fields: Readonly<Record<string, readonly string[]>>;

  constructor(faults: readonly Fault[]) {
    super("The request has not the form that its route asks for.");
    const byField = Map.groupBy(faults, ({ path }) => String(path[0] ?? NO_FIELD));
    this.fields = Object.fromEntries(
      [...byField].map(([field, found]) => [field, [...new Set(found.map(({ message }) => message))]]),
    );
  }
}

/** The body of a request can't be read. */
export class UnreadableBody extends Error {
  override readonly name = "UnreadableBody";

  constructor(
    message: string,
    readonly statusCode: 400 | 413 | 415 = 400,
  ) {
    super(message);
  }
}

/** There is something at this address, and it can't be asked for like this. */
export class MethodNotAllowed extends Error {
  override readonly name = "MethodNotAllowed";
  readonly statusCode = 405;

  constructor(
    method: string,
    readonly allowed: readonly string[],
  ) {
    super(`Method "${method}" not allowed.`);
  }
}

/** @param names what REST calls an input, where the verb has another name for it */
export function toRestRefusal(error: unknown, names: Readonly<Record<string, string>> = {}): RestRefusal {
  if (error instanceof InvalidInput) return { status: 400, headers: {}, body: error.fields };
  const status = statusOfRequestFault(error);
  if (status !== undefined && error instanceof Error) {
    const headers = error instanceof MethodNotAllowed ? { allow: error.allowed.join(", ") } : {};
    return { status, headers, body: { detail: error.message } };
  }
  const refusal = toDomainError(error);
  return { status: httpStatus[refusal.code], headers: headersOf(refusal), body: bodyOf(refusal, names) };
}

function bodyOf(
  { code, message, details: { field } }: DomainError,
  names: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  if (code !== "BAD_USER_INPUT") return { detail: message };
  return { [field === undefined ? NO_FIELD : (names[field] ?? snakeCase(field))]: [message] };
}
