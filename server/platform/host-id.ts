import { z } from "zod";

const MAX_LENGTH = 255;
const REFUSAL = `An id is text of 1 to ${MAX_LENGTH} characters without control characters, or a whole number.`;

/**
 * An id as a host product writes it: text such as `auth0|abc`, or the whole number of a database, which is the same as
 * that number written as text. It is stored, so no control characters.
 */
export const hostId = z
  .union([z.string(), z.int()], REFUSAL)
  .transform(String)
  .pipe(
    z
      .string(REFUSAL)
      .regex(/^[^\p{Cc}\p{Cs}]+$/u, REFUSAL)
      .max(MAX_LENGTH, REFUSAL),
  );
