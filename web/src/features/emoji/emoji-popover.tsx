import { SmileOutlined } from "@ant-design/icons";
import { Popover, type PopoverProps } from "antd";
import { useRef } from "react";
import { isComposing } from "../../ui/keys.js";
import { EmojiPicker } from "./emoji-picker.js";

interface EmojiPopoverProps {
  readonly label: string;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly onChoose: (emoji: string) => void;
  /** Where the focus goes back to, when it was not the button that opened it. */
  readonly returnFocus?: (() => void) | null;
  readonly placement: NonNullable<PopoverProps["placement"]>;
}

/** A button that opens the emoji picker. Esc closes it and gives the focus back. */
export function EmojiPopover(props: EmojiPopoverProps) {
  const { label, isOpen, onOpenChange, onChoose, returnFocus, placement } = props;
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    onOpenChange(false);
    if (returnFocus) returnFocus();
    else button.current?.focus();
  };
  const content = (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc of what is inside comes by here
    <div
      role="dialog"
      aria-label={label}
      onKeyDown={(event) => {
        // All other keys go on: the list of emoji hears them at the document.
        if (event.key !== "Escape" || isComposing(event)) return;
        event.stopPropagation();
        close();
      }}
    >
      <EmojiPicker
        onChoose={(emoji) => {
          close();
          onChoose(emoji);
        }}
      />
    </div>
  );
  return (
    <Popover
      open={isOpen}
      onOpenChange={onOpenChange}
      trigger="click"
      placement={placement}
      destroyOnHidden
      content={content}
    >
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
      >
        <SmileOutlined />
      </button>
    </Popover>
  );
}
