import { i18n } from "@lingui/core";
import { SendOutlined } from "@ant-design/icons";
import { Button } from "antd";
import {
  memo,
  useId,
  useImperativeHandle,
  useRef,
  useState,
  type KeyboardEvent,
  type Ref,
  type SyntheticEvent,
} from "react";
import type { AttachedFile } from "../../lib/outbox-entry.js";
import { GrowingTextArea } from "../../ui/growing-text-area.js";
import { isKey, isPlainEnter } from "../../ui/keys.js";
import { NARROW, useMediaQuery } from "../../ui/use-media-query.js";
import { AttachButton, AttachmentTray } from "../attachments/attachment-tray.js";
import { useTray } from "../attachments/use-tray.js";
import { EmojiButton } from "../emoji/emoji-button.js";
import { useSuggestions } from "../suggestions/use-suggestions.js";
import { useTypingSender } from "../typing/use-typing-sender.js";
import { useDraft, useDraftElsewhere } from "./drafts.js";
import { formatOnKey } from "./formatting-keys.js";
import { LimitNote } from "./limit-note.js";
import { countCodePoints, COUNT_FROM_CODE_POINTS, lengthProblem, MESSAGE_MAX_CODE_POINTS } from "./message-limits.js";

/** What others ask of the composer. */
export interface ComposerHandle {
  readonly focus: () => void;
}

interface ComposerProps {
  readonly ref?: Ref<ComposerHandle>;
  readonly roomId: string;
  /** Notes words without files at once; resolves when words with files outlive the page without the composer. */
  readonly onSend: (content: string, files: readonly AttachedFile[]) => Promise<void>;
  /** Up was pressed with nothing typed. */
  readonly onEditLast: () => void;
}

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
  return (
    <div id={id} className="composer-note meta">
      {i18n.t("{left, plural, one {# character left} other {# characters left}}", { left })}
    </div>
  );
}

function SendButton({ isDisabled }: { readonly isDisabled: boolean }) {
  return (
    <Button
      type="primary"
      htmlType="submit"
      icon={<SendOutlined />}
      aria-label={i18n.t("Send")}
      disabled={isDisabled}
    />
  );
}

/** The text that is being written; it is kept with every key, so nothing that happens to the page loses it. */
function useText(roomId: string) {
  const { draft, save, giveAway } = useDraft(roomId);
  const [text, setText] = useState(draft);
  useDraftElsewhere(roomId, setText);
  const typing = useTypingSender(roomId);
  const change = (next: string): void => {
    setText(next);
    save(next);
    typing.changed(next);
  };
  /** Without `kept`, whoever sends it has noted it already. */
  const clear = (kept: Promise<void> | null): void => {
    setText("");
    if (kept) giveAway(kept);
    else save("");
    typing.stop();
  };
  return { text, change, clear, pause: () => typing.stop() };
}

/** What stands in the composer, how it is changed and sent, and what its keys do. */
function useComposer({ roomId, onSend, onEditLast }: Omit<ComposerProps, "ref">) {
  const { text, change, clear, pause } = useText(roomId);
  const tray = useTray(roomId);
  const suggestions = useSuggestions({ roomId, text, onChange: change });
  const hasSomething = text.trim() !== "" || tray.files.length > 0;
  const canSend = hasSomething && !tray.isReading && lengthProblem(text) === null;
  const send = (): void => {
    if (!canSend) return;
    const files = tray.take();
    const kept = onSend(text.trimEnd(), files);
    clear(files.length > 0 ? kept : null);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (suggestions.onKeyDown(event) || formatOnKey(event)) return;
    if (isPlainEnter(event)) {
      event.preventDefault();
      send();
    } else if (isKey(event, "editLast") && text === "") {
      event.preventDefault();
      onEditLast();
    }
  };
  const onBlur = (): void => {
    suggestions.fieldProps.onBlur();
    pause();
  };
  const fieldProps = { ...suggestions.fieldProps, value: text, onKeyDown, onBlur, onPaste: tray.onPaste };
  return { text, tray, suggestions: suggestions.list, canSend, send, fieldProps };
}

/** Where one writes. Enter sends, Shift-Enter breaks the line. */
export const Composer = memo(function Composer({ ref, ...props }: ComposerProps) {
  const { text, tray, suggestions, canSend, send, fieldProps } = useComposer(props);
  const isNarrow = useMediaQuery(NARROW);
  const noteId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  // On a phone the focus brings up the keyboard, which nobody asked for.
  useImperativeHandle(ref, () => ({ focus: () => void (isNarrow || field.current?.focus()) }), [isNarrow]);
  const attach = (files: readonly File[]): void => {
    tray.add(files);
    field.current?.focus();
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    send();
  };
  return (
    <form className="composer" data-region onSubmit={submit}>
      <LengthNote text={text} id={noteId} />
      <LimitNote roomId={props.roomId} />
      <AttachmentTray tray={tray} />
      <div className="composer-box">
        {suggestions}
        <AttachButton onFiles={attach} />
        <GrowingTextArea
          ref={field}
          autoFocus={!isNarrow}
          aria-label={i18n.t("Message")}
          aria-describedby={noteId}
          placeholder={i18n.t("Write a message")}
          {...fieldProps}
        />
        <EmojiButton field={field} />
        <SendButton isDisabled={!canSend} />
      </div>
    </form>
  );
});
