import "./apollo-types.js";
import { ApolloClient, ApolloLink, HttpLink } from "@apollo/client";
import { ErrorLink } from "@apollo/client/link/error";
import { tap } from "rxjs";
import { createCache } from "./cache.js";
import { createDocumentIdLink } from "./document-id-link.js";
import { env } from "./env.js";
import { isRetryable, toFailure } from "./errors.js";
import { noteTaken } from "./other-version.js";
import { createUploadLink, uploadOf } from "./upload-link.js";
import { createRetryLink } from "./retry-link.js";
import { findRoomHeads, type RoomHeadSeen } from "./room-heads.js";

export interface ApolloOptions {
  readonly token: string;
  /** The token was refused or has expired. */
  readonly onUnauthenticated: () => void;
  /** An answer holds these rooms as of `headSeq`; called before it goes into the cache. */
  readonly onRoomHeads: (heads: readonly RoomHeadSeen[]) => void;
}

/** Client and cache of one session. Queries and mutations go over HTTP; events have a socket of their own. */
export function createApolloClient(options: ApolloOptions): ApolloClient {
  const errors = new ErrorLink(({ error }) => {
    if (toFailure(error).code === "UNAUTHENTICATED") options.onUnauthenticated();
  });
  const heads = new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap((result) => {
        const seen = findRoomHeads(result.data);
        if (seen.length > 0) options.onRoomHeads(seen);
      }),
    ),
  );
  const http = new HttpLink({
    uri: env.graphqlUrl,
    headers: { authorization: `Bearer ${options.token}` },
    // No cookies are used, so none travel.
    credentials: "omit",
    fetch: fetchInTime,
  });
  const uploads = createUploadLink({ url: env.graphqlUrl, token: options.token });
  return new ApolloClient({
    cache: createCache(),
    link: ApolloLink.from([
      errors,
      heads,
      createRetryLink(),
      createDocumentIdLink(noteTaken),
      ApolloLink.split((operation) => uploadOf(operation) !== null, uploads, http),
    ]),
    dataMasking: true,
    devtools: { enabled: env.isDevelopment },
  });
}

/** Asks again for what is on the screen and could not be loaded: the connection is back. */
export function refetchFailed(client: ApolloClient): void {
  for (const query of client.getObservableQueries("active")) {
    const { error } = query.getCurrentResult();
    // What fails again is told where it is shown.
    if (error && isRetryable(toFailure(error).code)) query.refetch().catch(() => undefined);
  }
}

/** A request that the network swallowed must not hold up what waits behind it. */
const REQUEST_TIMEOUT_MS = 20_000;

const fetchInTime: typeof fetch = (input, init) => {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  return fetch(input, { ...init, signal });
};
