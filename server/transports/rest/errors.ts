import { toDomainError, type DomainError } from "../../platform/errors.js";
import { httpStatus, statusOfRequestFault } from "../http.js";
import { snakeCase } from "./names.js";

/** A refusal as Django REST framework writes it. */
export interface RestRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export function toRestRefusal(error: unknown): RestRefusal {
  const status = statusOfRequestFault(error);
  if (status !== undefined && error instanceof Error) return { status, headers: {}, body: { detail: error.message } };
  const refusal = toDomainError(error);
  return { status: httpStatus[refusal.code], headers: headersOf(refusal), body: bodyOf(refusal) };
}

function bodyOf({ code, message, details: { field } }: DomainError): Readonly<Record<string, unknown>> {
  if (code !== "BAD_USER_INPUT") return { detail: message };
  return { [field === undefined ? "non_field_errors" : snakeCase(field)]: [message] };
}

function headersOf({ code, details: { retryAfterMs } }: DomainError): Readonly<Record<string, string>> {
  return {
    ...(code === "UNAUTHENTICATED" ? { "www-authenticate": "Bearer" } : {}),
    ...(retryAfterMs === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) }),
  };
}
