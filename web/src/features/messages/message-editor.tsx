import { i18n } from "@lingui/core";
import { useApolloClient, useMutation } from "@apollo/client/react";
import { Button } from "antd";
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { useParams } from "react-router";
import { graphql } from "../../gql/gql.js";
import { describeError } from "../../lib/errors.js";
import { GrowingTextArea } from "../../ui/growing-text-area.js";
import { isComposing, isPlainEnter } from "../../ui/keys.js";
import { notices } from "../../ui/notices.js";
import { useSuggestions } from "../suggestions/use-suggestions.js";
import { formatOnKey } from "./formatting-keys.js";
import { lengthProblem } from "./message-limits.js";
import { writeAnswered } from "./message.cache.js";

const EditChatMessage = graphql(`
  mutation EditChatMessage($input: EditChatMessageInput!) {
    editChatMessage(input: $input) {
      message {
        ...EventMessage @unmask
      }
    }
  }
`);

interface MessageEditorProps {
  readonly messageId: string;
  readonly content: string;
  /** Beside a file the words may become none. */
  readonly canBeEmpty: boolean;
  readonly onClose: () => void;
}

/**
 * What was typed into editors that went away with their rows, by message: to another message, another room, or far off
 * in the feed. It is there when the message is edited again.
 */
const unsaved = new Map<string, string>();

/** The text of an edit, kept until it is saved or cancelled. */
function useUnsavedText(messageId: string, content: string) {
  const [text, setText] = useState(unsaved.get(messageId) ?? content);
  const change = (next: string): void => {
    unsaved.set(messageId, next);
    setText(next);
  };
  return { text, change, forget: () => void unsaved.delete(messageId) };
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
  const { text, change, forget } = useUnsavedText(messageId, content);
  const isOpen = useIsOpen();
  const { cache } = useApolloClient();
  // Into the cache by our own hand: an event may have told of a later edit before the answer to this one is here.
  const [edit, { loading, error }] = useMutation(EditChatMessage, { fetchPolicy: "no-cache" });
  const suggestions = useSuggestions({ roomId, text, onChange: change });
  const problem = lengthProblem(text) ?? (error ? describeError(error) : null);
  const isEmpty = text.trim() === "" && !canBeEmpty;
  const close = (): void => {
    forget();
    onClose();
  };
  const save = (): void => {
    if (isEmpty || loading || lengthProblem(text)) return;
    if (text === content) return close();
    const answer = edit({ variables: { input: { messageId, content: text.trim() === "" ? "" : text } } });
    answer.then(
      ({ data }) => {
        if (data) writeAnswered(cache, data.editChatMessage.message);
        forget();
        if (isOpen.current) onClose();
      },
      // An open editor says it itself.
      (refusal: unknown) => isOpen.current || notices.error(describeError(refusal)),
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
        <Button size="small" type="primary" loading={loading} disabled={isEmpty} onClick={save}>
          {i18n.t("Save")}
        </Button>
        <Button size="small" onClick={close}>
          {i18n.t("Cancel")}
        </Button>
        <span className="meta">{i18n.t("Enter saves, Esc cancels")}</span>
      </div>
    </div>
  );
}
