import { i18n } from "@lingui/core";
import { SettingOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { Suspense, useRef, useState } from "react";
import { UserAvatar } from "../features/directory/user-avatar.js";
import { notificationSetting } from "../features/notifications/notification-setting.js";
import { useChat } from "../features/session/chat.context.js";
import { focusInside } from "../ui/focus-inside.js";
import { lazyPart } from "../ui/lazy-part.js";
import { ClickPopover } from "../ui/popover.js";
import { useShell } from "./shell.context.js";

const Settings = lazyPart(() => import("./settings.js").then((module) => module.Settings));

function SettingsButton() {
  const { open } = useShell();
  const [isOpen, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const listKeys = (): void => {
    setOpen(false);
    // What the keys give the focus back to.
    trigger.current?.focus();
    open("keys");
  };
  const change = (isNext: boolean): void => {
    if (!isNext && content.current?.contains(document.activeElement)) trigger.current?.focus();
    if (isNext) notificationSetting.refresh();
    setOpen(isNext);
  };
  return (
    <ClickPopover
      buttonRef={trigger}
      isOpen={isOpen}
      onOpenChange={change}
      afterOpenChange={(isShown) => isShown && focusInside(content.current)}
      placement="topRight"
      content={
        <div ref={content} role="dialog" aria-label={i18n.t("Settings")}>
          <Suspense fallback={<div className="settings" />}>
            <Settings onListKeys={listKeys} />
          </Suspense>
        </div>
      }
    >
      <Button
        ref={trigger}
        type="text"
        icon={<SettingOutlined />}
        aria-label={i18n.t("Settings and log out")}
        aria-expanded={isOpen}
      />
    </ClickPopover>
  );
}

/** Who one is, and what belongs to it. */
export function SidebarFooter() {
  const { me } = useChat();
  return (
    <footer className="sidebar-footer">
      <UserAvatar id={me.id} name={me.name} size={28} />
      <span className="sidebar-me">
        <span className="ellipsis">{me.name}</span>
        <span className="meta ellipsis">@{me.username}</span>
      </span>
      <span data-language-home>
        <SettingsButton />
      </span>
    </footer>
  );
}
