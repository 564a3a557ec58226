import { i18n } from "@lingui/core";
import { SearchOutlined } from "@ant-design/icons";
import { Link } from "react-router";
import { searchAddress } from "../features/search/search-address.js";
import { KeyCaps } from "../ui/key-caps.js";
import { KEYS } from "../ui/keys.js";

/** Looks like the field that it leads to. */
export function SearchLink({ openRoomId }: { readonly openRoomId: string | null }) {
  return (
    <Link to={searchAddress({ query: "", roomId: openRoomId, isEverywhere: true })} className="search-link">
      <SearchOutlined aria-hidden />
      <span className="spacer">{i18n.t("Search")}</span>
      <KeyCaps chord={KEYS.search.chords[0]} />
    </Link>
  );
}
