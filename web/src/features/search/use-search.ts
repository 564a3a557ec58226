import { NetworkStatus } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { useNavigationType } from "react-router";
import { describeError, toFailure } from "../../lib/errors.js";
import { SearchMessages, type FoundMessage } from "./search.graphql.js";

/** Why there is no answer: the query itself, which another try would not help, or anything else. */
export interface SearchProblem {
  readonly words: string;
  readonly isOfQuery: boolean;
}

export interface Search {
  /** Null until the first answer. While a newer query is on its way, what the one before it found. */
  readonly found: readonly FoundMessage[] | null;
  readonly isLoading: boolean;
  readonly problem: SearchProblem | null;
  readonly retry: () => void;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly moreProblem: string | null;
  readonly loadMore: () => void;
}

function toProblem(error: unknown): SearchProblem {
  return { words: describeError(error), isOfQuery: toFailure(error).code === "BAD_USER_INPUT" };
}

interface SearchInput {
  /** Trimmed; nothing is asked while it is empty. */
  readonly query: string;
  /** The only room to look in; null for all. */
  readonly roomId: string | null;
}

/**
 * Finds messages. An answer belongs to the query that it was asked for, so a late one never replaces a newer one's. Who
 * comes back to a search finds all the pages that were there; who searches anew asks anew.
 */
export function useSearch({ query, roomId }: SearchInput): Search {
  const navigationType = useNavigationType();
  const [isReturn] = useState(navigationType === "POP");
  const variables = { query, roomId, after: null };
  const { data, previousData, error, networkStatus, fetchMore, refetch } = useQuery(SearchMessages, {
    variables,
    skip: query === "",
    fetchPolicy: isReturn ? "cache-first" : "cache-and-network",
    nextFetchPolicy: (_current, { reason }) => (reason === "variables-changed" ? "cache-and-network" : "cache-first"),
    notifyOnNetworkStatusChange: true,
  });
  const [moreProblem, setMoreProblem] = useState<{ readonly query: string; readonly words: string } | null>(null);
  const shown = query === "" ? undefined : (data ?? (error ? undefined : previousData));
  const pageInfo = data?.searchChatMessages.pageInfo;
  const loadMore = (): void => {
    setMoreProblem(null);
    fetchMore({ variables: { after: pageInfo?.endCursor ?? null } }).catch((problem: unknown) =>
      setMoreProblem({ query, words: describeError(problem) }),
    );
  };
  const isLoadingMore = networkStatus === NetworkStatus.fetchMore;
  return {
    found: shown?.searchChatMessages.edges.filter(({ node }) => !node.isDeleted) ?? null,
    isLoading: query !== "" && !data && !error,
    problem: error && !data ? toProblem(error) : null,
    retry: () => void refetch().catch(() => undefined),
    hasMore: pageInfo?.hasNextPage ?? false,
    isLoadingMore,
    moreProblem: moreProblem?.query === query ? moreProblem.words : null,
    loadMore,
  };
}
