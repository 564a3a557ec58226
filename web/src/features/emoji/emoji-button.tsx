import { i18n } from "@lingui/core";
import { useState, type RefObject } from "react";
import { insertInField } from "../../ui/edit-field.js";
import { EmojiPopover } from "./emoji-popover.js";

interface TextArea {
  readonly resizableTextArea?: { readonly textArea: HTMLTextAreaElement } | undefined;
}

/** Puts emoji into a text area, where its caret is. */
export function EmojiButton({ field }: { readonly field: RefObject<TextArea | null> }) {
  const [isOpen, setOpen] = useState(false);
  const insert = (emoji: string): void => {
    const textArea = field.current?.resizableTextArea?.textArea;
    if (textArea) insertInField(textArea, emoji);
  };
  return (
    <EmojiPopover
      label={i18n.t("Emoji")}
      isOpen={isOpen}
      onOpenChange={setOpen}
      onChoose={insert}
      placement="topRight"
    />
  );
}
