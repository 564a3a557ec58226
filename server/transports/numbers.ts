import { z } from "zod";

/**
 * A number of ours as bodies and frames have it: a whole number or, as forms write it, its digits. Whether there is such a
 * thing is for the verbs to say, however large it is.
 */
export function numberOfOurs(complaint: (issue: { readonly input?: unknown }) => string) {
  return z
    .unknown()
    .transform((value, context) => {
      if (typeof value === "number" && Number.isInteger(value)) return value;
      if (typeof value === "string" && /^-?\d+$/.test(value)) return value;
      context.issues.push({ code: "custom", input: value, message: complaint({ input: value }) });
      return z.NEVER;
    })
    .meta({ type: "integer" });
}
