// oxlint-disable jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the focus stays in the field, whose keys
// move and choose; a pointer may do the same.
import { UserAvatar } from "../directory/user-avatar.js";
import type { Suggestion } from "./suggestion.js";

interface SuggestionListProps {
  readonly id: string;
  readonly label: string;
  readonly suggestions: readonly Suggestion[];
  readonly activeIndex: number;
  readonly onPoint: (index: number) => void;
  readonly onChoose: (suggestion: Suggestion) => void;
}

/** The id of an option, for the field that points at it. */
export function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

function Picture({ suggestion: { picture } }: { readonly suggestion: Suggestion }) {
  return picture.kind === "person" ? (
    <UserAvatar id={picture.id} name={picture.name} size={20} />
  ) : (
    <span className="suggestion-emoji">{picture.emoji}</span>
  );
}

/** What could be meant, above the field; the field keeps the focus. */
export function SuggestionList({ id, label, suggestions, activeIndex, onPoint, onChoose }: SuggestionListProps) {
  return (
    <div className="suggestions">
      <div id={id} role="listbox" aria-label={label}>
        {suggestions.map((suggestion, index) => (
          <div
            key={suggestion.key}
            id={optionId(id, index)}
            role="option"
            aria-selected={index === activeIndex}
            className="suggestion"
            // A press would take the focus from the field.
            onMouseDown={(event) => event.preventDefault()}
            onPointerMove={() => onPoint(index)}
            onClick={() => onChoose(suggestion)}
          >
            <Picture suggestion={suggestion} />
            <span className="ellipsis">{suggestion.label}</span>
            <span className="meta ellipsis">{suggestion.detail}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
