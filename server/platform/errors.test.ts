import { runInNewContext } from "node:vm";
import { describe, expect, test } from "@jest/globals";
import { databaseCode, DomainError, toDomainError } from "./errors.js";

describe("an error from the database", () => {
  test("has its code wherever in the chain of causes it stands", () => {
    const inner = Object.assign(new Error("inner"), { code: "40P01" });
    expect(databaseCode(new Error("outer", { cause: new Error("middle", { cause: inner }) }))).toBe("40P01");
    expect(databaseCode(new Error("without"))).toBeUndefined();
    expect([undefined, null, "text", 7].map(databaseCode)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("is known also when it is of another realm", () => {
    const foreign: unknown = runInNewContext(
      `Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })`,
    );
    expect(foreign instanceof Error).toBe(false);
    expect(databaseCode(foreign)).toBe("ECONNREFUSED");
    expect(toDomainError(foreign).code).toBe("UNAVAILABLE");
    const words: unknown = runInNewContext(`new Error("Connection terminated unexpectedly")`);
    expect(toDomainError(new Error("wrapped", { cause: words })).code).toBe("UNAVAILABLE");
  });

  test("that causes itself ends the search", () => {
    const error = new Error("round");
    error.cause = error;
    expect(toDomainError(error).code).toBe("INTERNAL_SERVER_ERROR");
  });

  test.each(["57P01", "53300", "57014", "55P03", "40P01", "40001", "ECONNRESET", "ENOTFOUND"])(
    "%s may be tried again in a moment",
    (code) => {
      const error = toDomainError(Object.assign(new Error("secret words"), { code }));
      expect(error).toMatchObject({ code: "UNAVAILABLE", details: { retryAfterMs: 1_000 } });
      expect(error.message).not.toContain("secret");
    },
  );

  test("a plan that a migration has made unusable may be had anew", () => {
    const stale = { code: "0A000", routine: "RevalidateCachedQuery" };
    expect(toDomainError(Object.assign(new Error(""), stale)).code).toBe("UNAVAILABLE");
    expect(toDomainError(Object.assign(new Error(""), { ...stale, routine: "another" })).code).toBe(
      "INTERNAL_SERVER_ERROR",
    );
  });

  test.each(["23505", "42P01", "22003", undefined])("%s is a fault of ours, and says nothing", (code) => {
    const error = toDomainError(Object.assign(new Error("secret words"), { code }));
    expect(error.code).toBe("INTERNAL_SERVER_ERROR");
    expect(error.message).not.toContain("secret");
  });

  test("a refusal stays what it is", () => {
    const refusal = new DomainError("CONFLICT", "No.");
    expect(toDomainError(refusal)).toBe(refusal);
  });
});
