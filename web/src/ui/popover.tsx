import type { PopoverProps } from "antd";
import { cloneElement, Suspense, useLayoutEffect, useState, type ReactElement, type RefObject } from "react";
import { lazyPart } from "./lazy-part.js";
import { focusIfNone } from "./regions.js";

const AntdPopover = lazyPart(() => import("./antd-popover.js").then((module) => module.AntdPopover));

type Trigger = ReactElement<{ readonly onClick?: () => void }>;

interface ClickPopoverProps extends Pick<
  PopoverProps,
  "placement" | "content" | "afterOpenChange" | "destroyOnHidden"
> {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  /** The button that opens it. */
  readonly children: Trigger;
  readonly buttonRef: RefObject<HTMLButtonElement | null>;
}

/** With its popover the button becomes another element, which the focus has to come along to. */
function FocusKept({ on }: { readonly on: RefObject<HTMLButtonElement | null> }) {
  useLayoutEffect(() => {
    focusIfNone(on.current);
  }, [on]);
  return null;
}

/** A popover that its button opens. Until that happens for the first time it costs no more than the button. */
export function ClickPopover({ isOpen, onOpenChange, children, buttonRef, ...props }: ClickPopoverProps) {
  const [wasOpen, setWasOpen] = useState(isOpen);
  if (isOpen && !wasOpen) setWasOpen(true);
  const button = cloneElement(children, { onClick: () => onOpenChange(!isOpen) });
  if (!wasOpen) return button;
  return (
    <Suspense fallback={button}>
      <AntdPopover {...props} open={isOpen} onOpenChange={onOpenChange} trigger="click">
        {children}
      </AntdPopover>
      <FocusKept on={buttonRef} />
    </Suspense>
  );
}
