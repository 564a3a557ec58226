import { i18n } from "@lingui/core";
import {
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type ChangeEvent,
  type KeyboardEvent,
  type SyntheticEvent,
} from "react";
import { useStore } from "../../lib/store.js";
import { replaceInField } from "../../ui/edit-field.js";
import { isComposing } from "../../ui/keys.js";
import { emojiIndex, loadEmojiIndex } from "../emoji/emoji-index.js";
import { useChat } from "../session/chat.context.js";
import { optionId, SuggestionList } from "./suggestion-list.js";
import { suggestPeople, SUGGESTIONS_MAX, type Suggestion } from "./suggestion.js";
import { findShortcode, findTrigger, type Trigger } from "./trigger.js";
import { usePeople } from "./use-people.js";

interface SuggestionsInput {
  readonly roomId: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** What could complete a trigger. */
function useMatches(roomId: string, trigger: Trigger | null): readonly Suggestion[] {
  const { me } = useChat();
  const people = usePeople(roomId);
  const index = useStore(emojiIndex);
  const isEmoji = trigger?.kind === "emoji";
  useEffect(() => {
    if (isEmoji) void loadEmojiIndex();
  }, [isEmoji]);
  return useMemo(() => {
    if (!trigger) return [];
    if (trigger.kind === "mention") return suggestPeople(people, trigger.query, me.id);
    const found = index?.find(trigger.query, SUGGESTIONS_MAX) ?? [];
    return found.map(({ emoji, name }) => ({
      key: emoji,
      insert: `${emoji} `,
      label: `:${name}:`,
      detail: "",
      picture: { kind: "emoji", emoji },
    }));
  }, [trigger, people, me.id, index]);
}

/** A shortcode that was typed to its end becomes its emoji, also when the names come later. */
async function completeShortcode(field: HTMLTextAreaElement): Promise<void> {
  const { value, selectionStart: end } = field;
  const typed = findShortcode(value, end);
  if (!typed) return;
  // Even when the names are there: React has to be through with this change before it hears of the next.
  const index = await (emojiIndex.get() ?? loadEmojiIndex());
  const emoji = index?.named(typed.name);
  const isStillThere = field.isConnected && field.value.slice(typed.start, end) === value.slice(typed.start, end);
  if (emoji && isStillThere) replaceInField(field, typed.start, end, emoji);
}

/**
 * Completes `@name` and `:emoji:` in a text area. `fieldProps` go to the area, `list` beside it, and keys are offered to
 * `onKeyDown` first: it answers whether the list took them.
 */
export function useSuggestions({ roomId, text, onChange }: SuggestionsInput) {
  const listId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const [active, setActive] = useState({ query: "", index: 0 });
  const [dismissedAt, setDismissedAt] = useState<number | null>(null);
  const trigger = useMemo(() => (caret === null ? null : findTrigger(text, caret)), [text, caret]);
  const matches = useMatches(roomId, trigger);
  const isOpen = trigger !== null && matches.length > 0 && trigger.start !== dismissedAt;
  const index = trigger && active.query === trigger.query ? Math.min(active.index, matches.length - 1) : 0;
  const point = (next: number): void =>
    setActive({ query: trigger?.query ?? "", index: (next + matches.length) % matches.length });
  const choose = (suggestion: Suggestion | undefined): void => {
    if (!field.current || !trigger || !suggestion) return;
    const end = trigger.start + 1 + trigger.query.length;
    const isSpaced = /^\s/u.test(field.current.value.slice(end));
    replaceInField(field.current, trigger.start, end, isSpaced ? suggestion.insert.trimEnd() : suggestion.insert);
  };
  const follow = (element: HTMLTextAreaElement): void => {
    field.current = element;
    setCaret(element.selectionStart === element.selectionEnd ? element.selectionStart : null);
    // Soon enough for the whole of `:tada:`.
    if (element.value.includes(":")) void loadEmojiIndex();
    if (findTrigger(element.value, element.selectionStart) === null) setDismissedAt(null);
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!isOpen || isComposing(event) || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "ArrowDown") point(index + 1);
    else if (event.key === "ArrowUp") point(index - 1);
    else if (event.key === "Enter" || event.key === "Tab") choose(matches[index]);
    else if (event.key === "Escape") setDismissedAt(trigger.start);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const fieldProps = {
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    "aria-controls": isOpen ? listId : undefined,
    "aria-activedescendant": isOpen ? optionId(listId, index) : undefined,
    onSelect: (event: SyntheticEvent<HTMLTextAreaElement>) => follow(event.currentTarget),
    onChange: (event: ChangeEvent<HTMLTextAreaElement>) => {
      onChange(event.target.value);
      follow(event.target);
      void completeShortcode(event.target);
    },
    onBlur: () => setCaret(null),
  } as const;
  const list = (
    <>
      {isOpen && (
        <SuggestionList
          id={listId}
          label={trigger.kind === "mention" ? i18n.t("People to mention") : i18n.t("Emoji")}
          suggestions={matches}
          activeIndex={index}
          onPoint={point}
          onChoose={choose}
        />
      )}
      <span className="visually-hidden" role="status">
        {isOpen ? i18n.t("{count, plural, one {# suggestion} other {# suggestions}}", { count: matches.length }) : ""}
      </span>
    </>
  );
  return { fieldProps, list, onKeyDown };
}
