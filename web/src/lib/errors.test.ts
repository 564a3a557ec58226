import { describe, expect, it } from "@jest/globals";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { describeError, isRetryable, toFailure } from "./errors.js";

function answered(code: string, extensions: Readonly<Record<string, unknown>> = {}): CombinedGraphQLErrors {
  return new CombinedGraphQLErrors({
    errors: [{ message: "The server's words", extensions: { code, ...extensions } }],
  });
}

describe("errors", () => {
  it("are known by the server's code, wherever it stands", () => {
    expect(toFailure(answered("RATE_LIMITED", { retryAfterMs: 900 }))).toMatchObject({
      code: "RATE_LIMITED",
      retryAfterMs: 900,
    });
  });

  it("are the network's when nothing answered", () => {
    expect(toFailure(new TypeError("Failed to fetch")).code).toBe("NETWORK");
    expect(isRetryable("NETWORK")).toBe(true);
    expect(isRetryable("FORBIDDEN")).toBe(false);
  });

  it("speak words: the server's about a rule, ours about everything else", () => {
    expect(describeError(answered("CONFLICT"))).toBe("The server's words");
    expect(describeError(answered("INTERNAL_SERVER_ERROR"))).toMatch(/went wrong on our side/u);
  });
});
