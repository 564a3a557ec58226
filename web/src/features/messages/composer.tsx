import { SendOutlined } from "@ant-design/icons";
import { Button, Input, type GetRef } from "antd";
import { memo, useId, useImperativeHandle, useRef, useState, type KeyboardEvent, type Ref } from "react";
import { isKey, isPlainEnter } from "../../ui/keys.js";
import { NARROW, useMediaQuery } from "../../ui/use-media-query.js";
import { useTypingSender } from "../typing/use-typing-sender.js";
import { useDraft } from "./drafts.js";
import { countCodePoints, COUNT_FROM_CODE_POINTS, lengthProblem, MESSAGE_MAX_CODE_POINTS } from "./message-limits.js";

/** What others ask of the composer. */
export interface ComposerHandle {
  readonly focus: () => void;
}

interface ComposerProps {
  readonly ref?: Ref<ComposerHandle>;
  readonly roomId: string;
  readonly onSend: (content: string) => void;
  /** Up was pressed with nothing typed. */
  readonly onEditLast: () => void;
}

type TextAreaRef = GetRef<typeof Input.TextArea>;

function LengthNote({ text, id }: { readonly text: string; readonly id: string }) {
  const problem = lengthProblem(text);
  const left = MESSAGE_MAX_CODE_POINTS - countCodePoints(text);
  if (problem) {
    return (
      <div id={id} className="composer-note composer-problem" role="alert">
        {problem}
      </div>
    );
  }
  if (text.length < COUNT_FROM_CODE_POINTS) return null;
  return <div id={id} className="composer-note meta">{`${left.toLocaleString("en")} characters left`}</div>;
}

/**
 * Where one writes. Enter sends, Shift-Enter breaks the line. The draft is kept with every key, so nothing
 * that happens to the page loses it.
 */
export const Composer = memo(function Composer({ ref, roomId, onSend, onEditLast }: ComposerProps) {
  const [draft, saveDraft] = useDraft(roomId);
  const [text, setText] = useState(draft);
  const typing = useTypingSender(roomId);
  const isNarrow = useMediaQuery(NARROW);
  const noteId = useId();
  const field = useRef<TextAreaRef>(null);
  // On a phone the focus brings up the keyboard, which nobody asked for.
  useImperativeHandle(ref, () => ({ focus: () => void (isNarrow || field.current?.focus()) }), [isNarrow]);
  const canSend = text.trim() !== "" && lengthProblem(text) === null;
  const change = (next: string): void => {
    setText(next);
    saveDraft(next);
    typing.changed(next);
  };
  const send = (): void => {
    if (!canSend) return;
    onSend(text.trimEnd());
    setText("");
    saveDraft("");
    typing.stop();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (isPlainEnter(event)) {
      event.preventDefault();
      send();
    } else if (isKey(event, "editLast") && text === "") {
      event.preventDefault();
      onEditLast();
    }
  };
  return (
    <form
      className="composer"
      data-region
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <LengthNote text={text} id={noteId} />
      <div className="composer-box">
        <Input.TextArea
          ref={field}
          autoFocus={!isNarrow}
          variant="borderless"
          aria-label="Message"
          aria-describedby={noteId}
          placeholder="Write a message"
          autoSize={{ minRows: 1, maxRows: 10 }}
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => typing.stop()}
        />
        <Button type="primary" htmlType="submit" icon={<SendOutlined />} aria-label="Send" disabled={!canSend} />
      </div>
    </form>
  );
});
