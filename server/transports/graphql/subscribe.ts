import { createSourceEventStream, execute, type ExecutionArgs, type ExecutionResult } from "graphql";
import { toDomainError, type DomainError } from "../../platform/errors.js";
import type { Clock } from "../../platform/time.js";
import { patiently } from "../../platform/wait.js";
import { GraphqlOperation } from "./context.js";

/**
 * As GraphQL's own `subscribe`, and patient: an event that can't be shown because the database is away is shown when it
 * is back, and those after it wait. Handed over as an error it would be lost, as the follower has moved on.
 */
export async function subscribePatiently(
  args: ExecutionArgs,
  clock: Clock,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const events = source[Symbol.asyncIterator]();
  const ended = new AbortController();
  const show = (rootValue: unknown): Promise<ExecutionResult | undefined> =>
    patiently(clock, ended.signal, async () => {
      const result = await execute({ ...args, rootValue });
      const away = unavailable(result);
      if (away === undefined) return result;
      if (args.contextValue instanceof GraphqlOperation) args.contextValue.renewAgain();
      throw away;
    });
  const results: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      const { done, value: event } = await events.next();
      const value = done === true ? undefined : await show(event);
      return value === undefined ? { done: true, value } : { value };
    },
    // At once, whatever is waited for: a generator's own would wait for that first.
    async return() {
      ended.abort();
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => results,
  };
  return results;
}

/** Why an event could not be shown for now, if that is so. */
export function unavailable({ errors }: ExecutionResult): DomainError | undefined {
  return errors?.map(({ originalError }) => toDomainError(originalError)).find(({ code }) => code === "UNAVAILABLE");
}
