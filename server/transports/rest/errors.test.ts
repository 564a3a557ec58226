import { expect, test } from "@jest/globals";
import { DomainError, errorCodes, OUR_FAULT, type ErrorCode } from "../../platform/errors.js";
import { toRestRefusal } from "./errors.js";

const words = "What to do.";
const plain = (status: number, headers = {}) => ({ status, headers, body: { detail: words } });

const expected: Readonly<Record<ErrorCode, unknown>> = {
  UNAUTHENTICATED: plain(401, { "www-authenticate": "Bearer" }),
  FORBIDDEN: plain(403),
  NOT_FOUND: plain(404),
  BAD_USER_INPUT: { status: 400, headers: {}, body: { participant_ids: [words] } },
  CONFLICT: plain(409),
  IDEMPOTENCY_KEY_REUSED: plain(422),
  PAYLOAD_TOO_LARGE: plain(413),
  UNSUPPORTED_MEDIA_TYPE: plain(415),
  RATE_LIMITED: plain(429, { "retry-after": "2" }),
  RESYNC_REQUIRED: plain(410),
  UNAVAILABLE: plain(503, { "retry-after": "2" }),
  INTERNAL_SERVER_ERROR: plain(500),
};

test.each(Object.entries(errorCodes))("%s is told as Django REST framework does", (name, { retryable }) => {
  const code = parseCode(name);
  const details = retryable && code !== "INTERNAL_SERVER_ERROR" ? { retryAfterMs: 1_001 } : {};
  expect(toRestRefusal(new DomainError(code, words, { ...details, field: "participantIds" }))).toEqual(expected[code]);
});

function parseCode(name: string): ErrorCode {
  return name as ErrorCode;
}

test("what nobody expected says nothing of what is inside", () => {
  expect(toRestRefusal(new Error("relation chat_room does not exist"))).toEqual({
    status: 500,
    headers: {},
    body: { detail: OUR_FAULT },
  });
});

test("a database that is away is to be asked again", () => {
  const error = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  expect(toRestRefusal(error)).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
});

test("a fault of no field in particular has a place of its own", () => {
  expect(toRestRefusal(new DomainError("BAD_USER_INPUT", words)).body).toEqual({ non_field_errors: [words] });
});
