import { z } from "zod";
import { numberOfOurs } from "../numbers.js";
import { FormFile } from "./form.js";

/** The parts of what callers send, with the words that Django REST framework has for their faults. */

const REQUIRED = "This field is required.";

type Complaint = (issue: { readonly input?: unknown }) => string;

const complain =
  (words: string): Complaint =>
  ({ input }) =>
    input === undefined ? REQUIRED : words;

/** What a body has to be. */
export const OBJECT = { error: "Send an object: a list of names and values in braces." };

export const text = z.string({ error: complain("Not a valid string.") });

/** One of a few words. */
export function choice<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, { error: complain(`Not a valid choice. There are: ${words.join(", ")}.`) });
}

/** A number of ours in a body. */
export const bodyId = numberOfOurs(complain("A valid integer is required."));

export const bodyIds = z.array(bodyId, { error: complain("Send a list of numbers.") });

/** A file, which only a form can have. In JSON it may be said that there is none. */
export const sentFile = z
  .unknown()
  .transform((value, context) => {
    if (value === null || value instanceof FormFile) return value ?? undefined;
    context.issues.push({ code: "custom", input: value, message: "Send the file as a part of multipart/form-data." });
    return z.NEVER;
  })
  .optional()
  .meta({ type: "string", format: "binary" });

/** A number of ours in a query. What could never be one is answered as one that is not there. */
export const queryId = z.string().meta({ type: "integer" });
