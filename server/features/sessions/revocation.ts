import { z } from "zod";
import { hostId } from "../../platform/host-id.js";

/** So many in one call: a few seconds' work at most. */
export const MAX_REVOCATIONS = 10_000;

/** What nodes tell each other when tokens were revoked: that there is something to read. */
export const REVOCATIONS_TOPIC = "revocations";

/** Tokens are of no time before it, and the database would not know a year 0. */
const EARLIEST_MS = 0;
const LATEST_MS = Date.UTC(9999, 0);

/** Milliseconds. GraphQL has made a date of it already. */
const moment = z
  .preprocess(
    (value) => (value instanceof Date ? value.toISOString() : value),
    z.iso.datetime({ offset: true, error: "Write a moment as 2025-11-06T15:30:00Z." }).nullish(),
  )
  .transform((value) =>
    typeof value === "string" ? Math.min(Math.max(Date.parse(value), EARLIEST_MS), LATEST_MS) : undefined,
  );

/** One that names a token, or whose: never both, so that no row says two things. */
const revocationRow = z
  .object({ tokenId: hostId.nullish(), expiresAt: moment, userId: hostId.nullish(), issuedBefore: moment })
  .superRefine(({ tokenId, expiresAt, userId, issuedBefore }, context) => {
    const refuse = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
    const isGiven = (value: unknown): boolean => value !== null && value !== undefined;
    if (isGiven(tokenId) === isGiven(userId)) refuse("tokenId", "Name a token by its jti, or a user: one of the two.");
    else if (isGiven(userId) && isGiven(expiresAt)) refuse("expiresAt", "This belongs to a single token.");
    else if (isGiven(tokenId) && isGiven(issuedBefore)) refuse("issuedBefore", "This belongs to a user's tokens.");
  });
export type RevocationRow = z.output<typeof revocationRow>;

export const revocationsInput = z.object({
  revocations: z
    .array(revocationRow, { error: "Send a list of revocations." })
    .max(MAX_REVOCATIONS, `At most ${MAX_REVOCATIONS} revocations in one call: send several.`),
});

/** What a call has come to. */
export interface RevocationCounts {
  /** How many rows now stand, new or said again. */
  readonly revoked: number;
}
