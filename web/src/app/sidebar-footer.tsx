import { SettingOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { lazy, Suspense } from "react";
import { UserAvatar } from "../features/directory/user-avatar.js";
import { useChat } from "../features/session/chat.context.js";

const SettingsMenu = lazy(() => import("./settings-menu.js").then((module) => ({ default: module.SettingsMenu })));

/** Who one is, and the menu that belongs to it. */
export function SidebarFooter() {
  const { me } = useChat();
  const button = <Button type="text" icon={<SettingOutlined />} aria-label="Settings and log out" />;
  return (
    <footer className="sidebar-footer">
      <UserAvatar id={me.id} name={me.name} size={28} />
      <span className="sidebar-me">
        <span className="ellipsis">{me.name}</span>
        <span className="meta ellipsis">@{me.username}</span>
      </span>
      <Suspense fallback={button}>
        <SettingsMenu>{button}</SettingsMenu>
      </Suspense>
    </footer>
  );
}
