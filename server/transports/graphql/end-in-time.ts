import { isObjectType, type GraphQLSchema } from "graphql";
import type { Deadline } from "../../platform/deadline.js";
import type { Operation } from "../../platform/operation.js";

/**
 * Ends the wait for fields when the time of their operation is up. An operation waits for nothing else, so that it is
 * answered then, with what has come until then; nothing more is read for it, as its scope gives nothing to read with.
 * Verbs are not among these fields: they are finished.
 */
export function endInTime(schema: GraphQLSchema): void {
  const changing = schema.getMutationType();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type === changing || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (resolve === undefined) continue;
      field.resolve = (source, args, context: Partial<Operation> | undefined, info) => {
        const value: unknown = resolve(source, args, context, info);
        // Most values are there at once.
        if (typeof value !== "object" || value === null) return value;
        const deadline = context?.deadline;
        return deadline === undefined ? value : waitFor(value, deadline);
      };
    }
  }
}

/** Entities are a list of promises. */
function waitFor(value: unknown, deadline: Deadline): unknown {
  if (value instanceof Promise) return deadline.wait(value);
  if (!Array.isArray(value) || !value.some((item) => item instanceof Promise)) return value;
  return value.map((item: unknown) => (item instanceof Promise ? deadline.wait(item) : item));
}
