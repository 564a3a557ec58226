import { i18n } from "@lingui/core";
import { Button } from "antd";
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { useParams } from "react-router";
import { describeError } from "../../lib/errors.js";
import { readText, writeText } from "../../lib/kept-texts.js";
import { GrowingTextArea } from "../../ui/growing-text-area.js";
import { isComposing, isPlainEnter } from "../../ui/keys.js";
import { notices } from "../../ui/notices.js";
import { useChat } from "../session/chat.context.js";
import { useSuggestions } from "../suggestions/use-suggestions.js";
import { editKey, type EditPlace } from "./drafts.js";
import { formatOnKey } from "./formatting-keys.js";
import { lengthProblem } from "./message-limits.js";
import { isBeingSaved, useSaveEdit } from "./use-save-edit.js";

interface MessageEditorProps {
  readonly messageId: string;
  readonly content: string;
  /** Beside a file the words may become none. */
  readonly canBeEmpty: boolean;
  readonly onClose: () => void;
}

/**
 * The text of an edit, kept until it is saved or cancelled: it is there again after a look at another message or another
 * room, after a reload, and when its row was far off in the feed.
 */
function useUnsavedText(place: EditPlace, content: string) {
  const key = editKey(useChat().me.id, place);
  const [text, setText] = useState(readText(key) ?? content);
  const latest = useRef(text);
  const change = (next: string): void => {
    writeText(key, next === content ? null : next);
    latest.current = next;
    setText(next);
  };
  /** Forgets a text that was saved, but none that was typed since. */
  const settle = (saved: string): void => void (readText(key) === saved && writeText(key, null));
  return { text, latest, change, settle, forget: () => writeText(key, null) };
}

/** Whether this editor is still the one on the screen: the answer to a save may find another one in its place. */
function useIsOpen(): RefObject<boolean> {
  const isOpen = useRef(false);
  useEffect(() => {
    isOpen.current = true;
    return () => void (isOpen.current = false);
  }, []);
  return isOpen;
}

/** Edits a message where it stands: Enter saves, Esc lets it be. The text stays until the server has it. */
export function MessageEditor({ messageId, content, canBeEmpty, onClose }: MessageEditorProps) {
  const { roomId = "" } = useParams();
  const { text, latest, change, settle, forget } = useUnsavedText({ roomId, messageId }, content);
  const isOpen = useIsOpen();
  const { save: saveText, isSaving, refusal } = useSaveEdit(messageId);
  const handedOver = useRef(content);
  const suggestions = useSuggestions({ roomId, text, onChange: change });
  const problem = lengthProblem(text) ?? (refusal ? describeError(refusal) : null);
  const isEmpty = text.trim() === "" && !canBeEmpty;
  const close = (): void => {
    // What is being saved is forgotten when the server has it, and not before; only what was typed since is dropped.
    if (isSaving) change(handedOver.current);
    else if (!isBeingSaved(messageId)) forget();
    onClose();
  };
  const save = (): void => {
    // What was typed last, also where a busy page has not drawn it yet.
    const changed = latest.current;
    const isBlank = changed.trim() === "";
    if ((isBlank && !canBeEmpty) || isSaving || lengthProblem(changed)) return;
    // While another text is being saved, what the message was is a change, too.
    if (changed === content && !isBeingSaved(messageId)) return close();
    handedOver.current = changed;
    saveText(isBlank ? "" : changed).then(
      () => {
        settle(changed);
        if (isOpen.current && latest.current === changed) onClose();
      },
      // An open editor says it itself.
      (error: unknown) => isOpen.current || notices.error(describeError(error)),
    );
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (suggestions.onKeyDown(event) || formatOnKey(event)) return;
    if (isPlainEnter(event)) {
      event.preventDefault();
      save();
    } else if (event.key === "Escape" && !isComposing(event)) {
      event.preventDefault();
      close();
    }
  };
  return (
    <div className="editor">
      <GrowingTextArea
        autoFocus
        aria-label={i18n.t("Edit message")}
        value={text}
        aria-invalid={problem !== null}
        {...suggestions.fieldProps}
        onKeyDown={onKeyDown}
        onFocus={(event) => event.target.setSelectionRange(text.length, text.length)}
      />
      {suggestions.list}
      {problem && (
        <div className="editor-problem" role="alert">
          {problem}
        </div>
      )}
      <div className="editor-actions">
        <Button size="small" type="primary" loading={isSaving} disabled={isEmpty} onClick={save}>
          {i18n.t("Save")}
        </Button>
        <Button size="small" onClick={close}>
          {i18n.t("Cancel")}
        </Button>
        <span className="meta for-keys">{i18n.t("Enter saves, Esc cancels")}</span>
      </div>
    </div>
  );
}
