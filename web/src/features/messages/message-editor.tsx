import { useApolloClient, useMutation } from "@apollo/client/react";
import { Button, Input } from "antd";
import { useState, type KeyboardEvent } from "react";
import { graphql } from "../../gql/gql.js";
import { describeError } from "../../lib/errors.js";
import { isComposing, isPlainEnter } from "../../ui/keys.js";
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
  readonly onClose: () => void;
}

/** Edits a message where it stands: Enter saves, Esc lets it be. The text stays until the server has it. */
export function MessageEditor({ messageId, content, onClose }: MessageEditorProps) {
  const [text, setText] = useState(content);
  const { cache } = useApolloClient();
  // Into the cache by our own hand: an event may have told of a later edit before the answer to this one is here.
  const [edit, { loading, error }] = useMutation(EditChatMessage, { fetchPolicy: "no-cache" });
  const problem = lengthProblem(text) ?? (error ? describeError(error) : null);
  const isEmpty = text.trim() === "";
  const save = (): void => {
    if (isEmpty || loading || lengthProblem(text)) return;
    if (text === content) return onClose();
    const answer = edit({ variables: { input: { messageId, content: text } } });
    answer.then(
      ({ data }) => {
        if (data) writeAnswered(cache, data.editChatMessage.message);
        onClose();
      },
      () => undefined,
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (isPlainEnter(event)) {
      event.preventDefault();
      save();
    } else if (event.key === "Escape" && !isComposing(event)) onClose();
  };
  return (
    <div className="editor">
      <Input.TextArea
        autoFocus
        aria-label="Edit message"
        autoSize={{ minRows: 1, maxRows: 12 }}
        value={text}
        status={problem ? "error" : ""}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onFocus={(event) => event.target.setSelectionRange(text.length, text.length)}
      />
      {problem && (
        <div className="editor-problem" role="alert">
          {problem}
        </div>
      )}
      <div className="editor-actions">
        <Button size="small" type="primary" loading={loading} disabled={isEmpty} onClick={save}>
          Save
        </Button>
        <Button size="small" onClick={onClose}>
          Cancel
        </Button>
        <span className="meta">Enter saves, Esc cancels</span>
      </div>
    </div>
  );
}
