import { i18n } from "@lingui/core";
import { ArrowLeftOutlined } from "@ant-design/icons";
import { useFragment } from "@apollo/client/react";
import { Segmented } from "antd";
import { useRef, useState } from "react";
import { Link, useNavigationType, useSearchParams } from "react-router";
import { graphql } from "../../gql/gql.js";
import { useKeys } from "../../ui/use-keys.js";
import { usePageTitle } from "../../ui/use-page-title.js";
import { parseScope } from "./search-address.js";
import { SearchField, type SearchFieldHandle } from "./search-field.js";
import { SearchResults } from "./search-results.js";
import { useSearch } from "./use-search.js";
import { useSearchText } from "./use-search-text.js";

const SearchedRoom = graphql(`
  fragment SearchedRoom on ChatRoom {
    displayName
  }
`);

type Scope = "all" | "room";

interface ScopeChoiceProps {
  readonly roomId: string;
  readonly scope: Scope;
  readonly onChange: (scope: Scope) => void;
}

function ScopeChoice({ roomId, scope, onChange }: ScopeChoiceProps) {
  const { data, complete } = useFragment({ fragment: SearchedRoom, from: { __typename: "ChatRoom", id: roomId } });
  const options = [
    { value: "all" as const, label: i18n.t("All rooms") },
    {
      value: "room" as const,
      label: complete ? i18n.t("Only {room}", { room: data.displayName }) : i18n.t("Only that room"),
    },
  ];
  return (
    <Segmented<Scope> aria-label={i18n.t("Where to search")} options={options} value={scope} onChange={onChange} />
  );
}

/** `/search`: messages and file names of all rooms, or of the one that was open before. */
export function SearchPage() {
  const [params, setParams] = useSearchParams();
  const { roomId, isEverywhere } = parseScope(params);
  const { text, setText, query, commit } = useSearchText();
  const search = useSearch({ query, roomId: isEverywhere ? null : roomId });
  const field = useRef<SearchFieldHandle>(null);
  const navigationType = useNavigationType();
  // Who comes back wants the list where it was, on a phone without the keyboard.
  const [isReturn] = useState(navigationType === "POP" && query !== "");
  usePageTitle(query === "" ? i18n.t("Search") : i18n.t("Search: {query}", { query }));
  useKeys({ search: () => field.current?.focus() });
  const choose = (scope: Scope): void => {
    const next = new URLSearchParams(params);
    if (scope === "all") next.set("scope", "all");
    else next.delete("scope");
    setParams(next, { replace: true });
  };
  return (
    <main className="pane search-page" data-region>
      <header className="search-bar">
        <Link to={roomId === null ? "/" : `/rooms/${roomId}`} className="room-back" aria-label={i18n.t("Back")}>
          <ArrowLeftOutlined />
        </Link>
        <h1 className="visually-hidden">{i18n.t("Search")}</h1>
        <SearchField
          ref={field}
          autoFocus={!isReturn}
          label={i18n.t("Search messages and files")}
          text={text}
          onChange={setText}
          onCommit={commit}
        />
        {roomId !== null && <ScopeChoice roomId={roomId} scope={isEverywhere ? "all" : "room"} onChange={choose} />}
      </header>
      <SearchResults
        search={search}
        query={query}
        scope={isEverywhere ? "allRooms" : "thatRoom"}
        withRoom={isEverywhere}
        onInsert={(filter) => field.current?.insert(filter)}
      />
    </main>
  );
}
