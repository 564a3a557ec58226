import { i18n } from "@lingui/core";
import { useImperativeHandle, useRef, useState, Suspense, type Ref } from "react";
import { EmojiPopover } from "../emoji/emoji-popover.js";
import { useReact } from "../reactions/use-react.js";
import type { MenuPlace } from "./message-menu.js";
import { useMessageActions, type MessageAction } from "./use-message-actions.js";
import type { ToolbarHandle } from "./use-row-controls.js";
import { usePartTabIndex } from "../../ui/row-parts.js";
import { lazyPart } from "../../ui/lazy-part.js";

const MessageMenu = lazyPart(() => import("./message-menu.js").then((module) => module.MessageMenu));

interface MessageToolbarProps {
  readonly ref?: Ref<ToolbarHandle>;
  readonly messageId: string;
  readonly content: string;
  readonly isOwn: boolean;
  /** Whether the emoji picker is open; the row keeps the toolbar while it is. */
  readonly isPicking: boolean;
  readonly onPickingChange: (isPicking: boolean) => void;
  /** Where the message's menu is open, if it is. */
  readonly menuAt: MenuPlace | null;
  readonly onMenuClose: () => void;
  readonly onEdit: () => void;
}

function ActionButton({ action }: { readonly action: MessageAction }) {
  const { label, icon, run } = action;
  return (
    <button
      type="button"
      className="icon-button"
      tabIndex={usePartTabIndex()}
      aria-label={label}
      title={label}
      onClick={run}
    >
      {icon}
    </button>
  );
}

/** What can be done with a message, while it is pointed at or has the focus; its menu; and its keys. */
export function MessageToolbar(props: MessageToolbarProps) {
  const { ref, messageId, isPicking, onPickingChange, menuAt, onMenuClose } = props;
  const { react } = useReact(messageId);
  const bar = useRef<HTMLDivElement>(null);
  // By its key or from the menu, not by its button.
  const [wasPickedByRow, setPickedByRow] = useState(false);
  const pick = (byRow: boolean, isOpen: boolean): void => {
    setPickedByRow(byRow);
    onPickingChange(isOpen);
  };
  const actions = useMessageActions({ ...props, onPick: () => pick(true, true) });
  const focusRow = (): void => bar.current?.closest("article")?.focus();
  useImperativeHandle(ref, () => ({
    run: (command) => {
      const action = actions.find(({ id }) => id === command);
      action?.run();
      return action !== undefined;
    },
  }));
  return (
    <>
      <div ref={bar} className="toolbar" role="toolbar" aria-label={i18n.t("Message actions")}>
        {actions.map((action) =>
          action.id === "react" ? (
            <EmojiPopover
              key={action.id}
              label={action.label}
              isOpen={isPicking}
              onOpenChange={(isOpen) => pick(false, isOpen)}
              onChoose={react}
              returnFocus={wasPickedByRow ? focusRow : null}
              placement="topRight"
            />
          ) : (
            action.id !== "copyText" && <ActionButton key={action.id} action={action} />
          ),
        )}
      </div>
      <Suspense>
        {menuAt && (
          <MessageMenu
            at={menuAt}
            actions={actions}
            onClose={() => {
              onMenuClose();
              focusRow();
            }}
          />
        )}
      </Suspense>
    </>
  );
}
