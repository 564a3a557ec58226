import { i18n } from "@lingui/core";
import { Segmented } from "antd";
import { useRef } from "react";
import { useNavigate } from "react-router";
import { PanelHeader } from "../../ui/panel-header.js";
import { SearchField, type SearchFieldHandle } from "./search-field.js";
import { SearchResults } from "./search-results.js";
import { searchAddress } from "./search-address.js";
import { useSearch } from "./use-search.js";
import { useSearchText } from "./use-search-text.js";

const SCOPES = [
  { value: "room", label: /*i18n*/ "This room" },
  { value: "all", label: /*i18n*/ "All rooms" },
] as const;

/** Search in the open room, beside it. */
export function SearchPanel({ roomId, onClose }: { readonly roomId: string; readonly onClose: () => void }) {
  const navigate = useNavigate();
  const { text, setText, query, commit } = useSearchText();
  const search = useSearch({ query, roomId });
  const field = useRef<SearchFieldHandle>(null);
  return (
    <section className="side-section" aria-label={i18n.t("Search")}>
      <PanelHeader title={i18n.t("Search")} closeLabel={i18n.t("Close search")} onClose={onClose} />
      <div className="side-bar">
        <SearchField
          ref={field}
          autoFocus
          label={i18n.t("Search in this room")}
          text={text}
          onChange={setText}
          onCommit={commit}
        />
        <Segmented
          aria-label={i18n.t("Where to search")}
          options={SCOPES.map((each) => ({ ...each, label: i18n.t(each.label) }))}
          value="room"
          onChange={() => void navigate(searchAddress({ query: text, roomId, isEverywhere: true }))}
        />
      </div>
      <SearchResults
        search={search}
        query={query}
        scope="thisRoom"
        withRoom={false}
        onInsert={(filter) => field.current?.insert(filter)}
      />
    </section>
  );
}
