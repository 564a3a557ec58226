// oxlint-disable jsx-a11y/no-noninteractive-element-interactions -- arrows move between the links inside, which are real ones.
import { i18n } from "@lingui/core";
import type { KeyboardEvent } from "react";
import { useParams } from "react-router";
import { LoadMore } from "../../ui/load-more.js";
import { moveFocus } from "../../ui/move-focus.js";
import { PaneError, PaneMessage, RowsSkeleton } from "../../ui/pane-states.js";
import { FilterHelp } from "./filter-help.js";
import type { Filter } from "./filters.js";
import { SearchResult } from "./search-result.js";
import { useMessageAddress } from "./use-message-address.js";
import { useScrollMemory } from "./use-scroll-memory.js";
import type { Search } from "./use-search.js";

interface SearchResultsProps {
  readonly search: Search;
  readonly query: string;
  /** What is looked through. */
  readonly scope: "allRooms" | "thisRoom" | "thatRoom";
  readonly withRoom: boolean;
  readonly onInsert: (filter: Filter) => void;
}

function countWords(count: number, hasMore: boolean): string {
  return hasMore
    ? i18n.t("{count, plural, one {# message} other {# messages}} found, there are more", { count })
    : i18n.t("{count, plural, one {# message} other {# messages}} found", { count });
}

function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : null;
  if (step !== null && moveFocus(event.currentTarget, ".result", step)) event.preventDefault();
}

function Found({ search, withRoom }: Pick<SearchResultsProps, "search" | "withRoom">) {
  const { messageId } = useParams();
  const addressOf = useMessageAddress();
  return (
    <>
      <ul className="results" aria-label={i18n.t("Results")} aria-busy={search.isLoading} onKeyDown={onKeyDown}>
        {search.found?.map((found) => (
          <SearchResult
            key={found.node.id}
            found={found}
            to={addressOf(found.node.room.id, found.node.id)}
            withRoom={withRoom}
            isOpen={found.node.id === messageId}
          />
        ))}
      </ul>
      {search.hasMore && (
        <LoadMore isLoading={search.isLoadingMore} problem={search.moreProblem} onLoad={search.loadMore} />
      )}
    </>
  );
}

function Content(props: SearchResultsProps) {
  const { search, query, scope, onInsert } = props;
  const { found, problem } = search;
  if (query === "") {
    return (
      <div className="search-start">
        <p>
          {i18n.t(
            "Look through the messages and file names of {scope, select, allRooms {all your rooms} thisRoom {this room} other {that room}}, and narrow it down:",
            { scope },
          )}
        </p>
        <FilterHelp onInsert={onInsert} />
      </div>
    );
  }
  if (problem !== null) {
    return problem.isOfQuery ? (
      <PaneMessage title={i18n.t("That can’t be searched for")}>
        <p role="alert">{problem.words}</p>
      </PaneMessage>
    ) : (
      <PaneError message={problem.words} onRetry={search.retry} />
    );
  }
  if (found === null) return <RowsSkeleton rows={6} lines={2} />;
  if (found.length === 0 && !search.hasMore && !search.isLoading) {
    return (
      <PaneMessage title={i18n.t("Nothing found")}>
        <p>
          {i18n.t(
            "No message in {scope, select, allRooms {all your rooms} thisRoom {this room} other {that room}} matches “{query}”. Fewer or shorter words find more.",
            { scope, query },
          )}
        </p>
      </PaneMessage>
    );
  }
  return <Found {...props} />;
}

/** What a search found, or why there is nothing to show. */
export function SearchResults(props: SearchResultsProps) {
  const { found, hasMore, isLoading } = props.search;
  const scroller = useScrollMemory(found !== null);
  return (
    <>
      <div className="visually-hidden" role="status">
        {found !== null && !isLoading ? countWords(found.length, hasMore) : ""}
      </div>
      <div ref={scroller} className="side-scroll">
        <Content {...props} />
      </div>
    </>
  );
}
