import { i18n } from "@lingui/core";
import { useState, type RefObject } from "react";
import { insertInField } from "../../ui/edit-field.js";
import { EmojiPopover } from "./emoji-popover.js";

/** Puts emoji into a text area, where its caret is. */
export function EmojiButton({ field }: { readonly field: RefObject<HTMLTextAreaElement | null> }) {
  const [isOpen, setOpen] = useState(false);
  const insert = (emoji: string): void => {
    if (field.current) insertInField(field.current, emoji);
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
