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
  { value: "room", label: "This room" },
  { value: "all", label: "All rooms" },
] as const;

/** Search in the open room, beside it. */
export function SearchPanel({ roomId, onClose }: { readonly roomId: string; readonly onClose: () => void }) {
  const navigate = useNavigate();
  const { text, setText, query, commit } = useSearchText();
  const search = useSearch({ query, roomId });
  const field = useRef<SearchFieldHandle>(null);
  return (
    <section className="side-section" aria-label="Search">
      <PanelHeader title="Search" closeLabel="Close search" onClose={onClose} />
      <div className="side-bar">
        <SearchField
          ref={field}
          autoFocus
          label="Search in this room"
          text={text}
          onChange={setText}
          onCommit={commit}
        />
        <Segmented
          aria-label="Where to search"
          options={[...SCOPES]}
          value="room"
          onChange={() => void navigate(searchAddress({ query: text, roomId, isEverywhere: true }))}
        />
      </div>
      <SearchResults
        search={search}
        query={query}
        scope="this room"
        withRoom={false}
        onInsert={(filter) => field.current?.insert(filter)}
      />
    </section>
  );
}
