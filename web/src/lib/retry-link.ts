import { ApolloLink } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { RetryLink } from "@apollo/client/link/retry";
import { OperationTypeNode } from "graphql";
import { map } from "rxjs";
import { BACKOFF_MAX_MS, backoffMs } from "./backoff.js";
import { isRetryable, toFailure } from "./errors.js";

/** Changes that come to the same when they are made twice. What is sent has the outbox. */
const REPEATABLE = new Set(["EditChatMessage", "DeleteChatMessage", "AddMessageReaction", "RemoveMessageReaction"]);

/** Together they last for some seconds: longer than it takes to be led from a node that died to another one. */
const TRIES = 4;

/**
 * What was refused for coming too fast was not done, but somebody waits for it, in a dialog that they may close, or does
 * something after it that must not come first. Only of these it does not matter: they take turns, or go by what was read
 * last. What is sent has the outbox.
 */
const REPEATABLE_WHEN_LIMITED = new Set([...REPEATABLE, "MarkChatRoomRead"]);
/** Who does a lot at once waits, and loses nothing of it. */
const TRIES_WHEN_LIMITED = 12;

/** Not what was waited for in vain, nor what the server puts off for longer than somebody waits: then it is time to say so. */
function mayPass(error: unknown): boolean {
  const isTimeout = error instanceof DOMException && error.name === "TimeoutError";
  const { code, retryAfterMs } = toFailure(error);
  return !isTimeout && isRetryable(code) && (retryAfterMs ?? 0) <= BACKOFF_MAX_MS;
}

/** An answer that the request may succeed later is as good as none: it fails like one that broke off. */
const failing = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    map((result) => {
      if (!result.errors?.length) return result;
      const error = new CombinedGraphQLErrors(result);
      if (isRetryable(toFailure(error).code)) throw error;
      return result;
    }),
  ),
);

/** How often an operation has failed: for coming too fast, and for anything else. One says nothing of the other. */
interface Tries {
  readonly limited: number;
  readonly broken: number;
}

/**
 * Makes requests again that broke off, or that the server could not carry out just then, where that is harmless: nobody
 * has to hear of it if the next one succeeds.
 */
export function createRetryLink(): ApolloLink {
  const triesOf = new WeakMap<ApolloLink.Operation, Tries>();
  const again = new RetryLink({
    delay: (count, _operation, error) => backoffMs(count - 1, toFailure(error).retryAfterMs ?? undefined),
    attempts: (_count, operation, error) => {
      const { operationType, operationName = "" } = operation;
      const isLimited = toFailure(error).code === "RATE_LIMITED";
      const { limited, broken } = triesOf.get(operation) ?? { limited: 0, broken: 0 };
      const tries = isLimited ? { limited: limited + 1, broken } : { limited, broken: broken + 1 };
      triesOf.set(operation, tries);
      const repeatable = isLimited ? REPEATABLE_WHEN_LIMITED : REPEATABLE;
      const mayRepeat = operationType === OperationTypeNode.QUERY || repeatable.has(operationName);
      return tries.limited < TRIES_WHEN_LIMITED && tries.broken < TRIES && mayRepeat && mayPass(error);
    },
  });
  return ApolloLink.from([again, failing]);
}
