import { SmileOutlined } from "@ant-design/icons";
import type { PopoverProps } from "antd";
import { Suspense, useRef } from "react";
import { isComposing } from "../../ui/keys.js";
import { lazyPart } from "../../ui/lazy-part.js";
import { usePartTabIndex } from "../../ui/row-parts.js";
import { ClickPopover } from "../../ui/popover.js";

const EmojiPicker = lazyPart(() => import("./emoji-picker.js").then((module) => module.EmojiPicker));

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
  const tabIndex = usePartTabIndex();
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
      <Suspense fallback={<div className="emoji-picker" />}>
        <EmojiPicker
          onChoose={(emoji) => {
            close();
            onChoose(emoji);
          }}
        />
      </Suspense>
    </div>
  );
  return (
    <ClickPopover
      buttonRef={button}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      placement={placement}
      destroyOnHidden
      content={content}
    >
      <button
        ref={button}
        type="button"
        className="icon-button"
        tabIndex={tabIndex}
        aria-label={label}
        title={label}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
      >
        <SmileOutlined />
      </button>
    </ClickPopover>
  );
}
