import { i18n } from "@lingui/core";
import { useApolloClient, useMutation } from "@apollo/client/react";
import { Button } from "antd";
import { useState, type KeyboardEvent } from "react";
import { useParams } from "react-router";
import { graphql } from "../../gql/gql.js";
import { describeError } from "../../lib/errors.js";
import { GrowingTextArea } from "../../ui/growing-text-area.js";
import { isComposing, isPlainEnter } from "../../ui/keys.js";
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

/** Edits a message where it stands: Enter saves, Esc lets it be. The text stays until the server has it. */
export function MessageEditor({ messageId, content, canBeEmpty, onClose }: MessageEditorProps) {
  const { roomId = "" } = useParams();
  const [text, setText] = useState(content);
  const { cache } = useApolloClient();
  // Into the cache by our own hand: an event may have told of a later edit before the answer to this one is here.
  const [edit, { loading, error }] = useMutation(EditChatMessage, { fetchPolicy: "no-cache" });
  const suggestions = useSuggestions({ roomId, text, onChange: setText });
  const problem = lengthProblem(text) ?? (error ? describeError(error) : null);
  const isEmpty = text.trim() === "" && !canBeEmpty;
  const save = (): void => {
    if (isEmpty || loading || lengthProblem(text)) return;
    if (text === content) return onClose();
    const answer = edit({ variables: { input: { messageId, content: text.trim() === "" ? "" : text } } });
    answer.then(
      ({ data }) => {
        if (data) writeAnswered(cache, data.editChatMessage.message);
        onClose();
      },
      () => undefined,
    );
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (suggestions.onKeyDown(event) || formatOnKey(event)) return;
    if (isPlainEnter(event)) {
      event.preventDefault();
      save();
    } else if (event.key === "Escape" && !isComposing(event)) {
      event.preventDefault();
      onClose();
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
        <Button size="small" onClick={onClose}>
          {i18n.t("Cancel")}
        </Button>
        <span className="meta">{i18n.t("Enter saves, Esc cancels")}</span>
      </div>
    </div>
  );
}
