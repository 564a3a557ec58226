import { z } from "zod";
import { badInput } from "./errors.js";
import { parseId, type Brand } from "./ids.js";

/**
 * What a caller sent, in the form that the rules work with.
 * @param field names the input when the schema is of a single value; otherwise the faulty key is named
 * @throws DomainError BAD_USER_INPUT with the first fault's words and field, such as `users[3].username`
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown, field?: string): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw badInput(field ?? formatPath(issue?.path ?? []), issue?.message ?? "This is not valid.");
}

function formatPath(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`));
  return steps.join("").replace(/^\./, "") || "input";
}

/** A local id as nodes write it to each other: a number that a row may have. */
export function idSchema<Id extends Brand<number, string>>() {
  return z.number().transform((value, context): Id => {
    const id = parseId<Id>(value);
    if (id !== undefined) return id;
    context.addIssue({ code: "custom", message: "This is no id." });
    return z.NEVER;
  });
}
