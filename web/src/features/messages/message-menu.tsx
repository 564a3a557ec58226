import { Dropdown, type MenuProps } from "antd";
import { KeyCaps } from "../../ui/key-caps.js";
import { KEYS } from "../../ui/keys.js";
import type { MessageAction } from "./use-message-actions.js";

/** A place in the row, in pixels from its corner. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

interface MessageMenuProps {
  readonly at: MenuPlace;
  readonly actions: readonly MessageAction[];
  readonly onClose: () => void;
}

function ActionLabel({ action }: { readonly action: MessageAction }) {
  return (
    <span className="menu-label">
      <span className="spacer">{action.label}</span>
      {action.id !== "copyText" && <KeyCaps chord={KEYS[action.id].chords[0]} />}
    </span>
  );
}

/** The menu of a message, where it was asked for: all that its toolbar has, with the keys. */
export function MessageMenu({ at, actions, onClose }: MessageMenuProps) {
  const items: MenuProps["items"] = actions.map((action) => ({
    key: action.id,
    icon: action.icon,
    danger: action.isDanger ?? false,
    label: <ActionLabel action={action} />,
    onClick: () => {
      onClose();
      action.run();
    },
  }));
  return (
    <Dropdown open autoFocus trigger={["click"]} menu={{ items }} onOpenChange={(isOpen) => isOpen || onClose()}>
      <span aria-hidden className="menu-anchor" style={{ left: at.x, top: at.y }} />
    </Dropdown>
  );
}
