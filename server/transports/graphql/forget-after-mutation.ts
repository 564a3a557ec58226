import type { MiddlewareFn } from "type-graphql";
import type { Operation } from "../../platform/operation.js";

/** After a root mutation, what was read before it is no longer true. */
export const forgetAfterMutation: MiddlewareFn<Operation & object> = async ({ info, context }, next) => {
  const isRootMutation = info.parentType.name === "Mutation";
  if (!isRootMutation) return next();
  const result: unknown = await next();
  context.loaders.clear();
  return result;
};
