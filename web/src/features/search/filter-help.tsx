import { i18n } from "@lingui/core";
import { FILTERS, type Filter } from "./filters.js";

/** The filters, each a button that puts it into the field. */
export function FilterHelp({ onInsert }: { readonly onInsert: (filter: Filter) => void }) {
  return (
    <ul className="filter-help" aria-label={i18n.t("Filters")}>
      {FILTERS.map((filter) => (
        <li key={filter.insert}>
          <button type="button" className="filter" onClick={() => onInsert(filter)}>
            <code>{filter.example}</code>
            <span className="meta">{i18n.t(filter.finds)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
