import { describe, expect, it } from "@jest/globals";
import { i18n } from "@lingui/core";
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

  it("say how long to wait, where the server has said it", () => {
    expect(describeError(answered("RATE_LIMITED", { retryAfterMs: 2_100 }))).toBe(
      "That was a bit fast. Please try again in 3 seconds.",
    );
    expect(describeError(answered("RATE_LIMITED", { retryAfterMs: 10 }))).toMatch(/in 1 second\./u);
    expect(describeError(answered("RATE_LIMITED"))).toMatch(/wait a moment/u);
  });

  it("speak one language: the server knows English alone", () => {
    i18n.loadAndActivate({
      locale: "de",
      messages: { "That is not possible here, or a limit is reached.": ["Nein."] },
    });
    expect(describeError(answered("CONFLICT"))).toBe("Nein.");
    i18n.activate("en");
    expect(describeError(answered("CONFLICT"))).toBe("The server's words");
  });
});
