import { LogoutOutlined, MoonOutlined, SettingOutlined, SunOutlined, DesktopOutlined } from "@ant-design/icons";
import { Button, Dropdown, type MenuProps } from "antd";
import { UserAvatar } from "../features/directory/user-avatar.js";
import { useNotificationItems } from "../features/notifications/notification-item.js";
import { notificationSetting } from "../features/notifications/notification-setting.js";
import { useSessionStore } from "../features/session/session.context.js";
import { useStore } from "../lib/store.js";
import { useChat } from "../features/session/chat.context.js";
import type { ThemeChoice } from "./theme.js";
import { useThemeStore } from "./theme.context.js";

const THEMES: readonly { readonly key: ThemeChoice; readonly label: string; readonly icon: React.ReactNode }[] = [
  { key: "light", label: "Light", icon: <SunOutlined /> },
  { key: "dark", label: "Dark", icon: <MoonOutlined /> },
  { key: "system", label: "Like the system", icon: <DesktopOutlined /> },
];

/** Who one is, and the menu that belongs to it. */
export function SidebarFooter() {
  const { me } = useChat();
  const { logOut } = useSessionStore();
  const themeStore = useThemeStore();
  const theme = useStore(themeStore);
  const notificationItems = useNotificationItems();
  const items: MenuProps["items"] = [
    {
      type: "group",
      label: "Theme",
      children: THEMES.map(({ key, label, icon }) => ({ key, label, icon, onClick: () => themeStore.set(key) })),
    },
    { type: "divider" },
    ...notificationItems,
    { key: "logout", label: "Log out", icon: <LogoutOutlined />, onClick: logOut },
  ];
  return (
    <footer className="sidebar-footer">
      <UserAvatar id={me.id} name={me.name} size={28} />
      <span className="sidebar-me">
        <span className="ellipsis">{me.name}</span>
        <span className="meta ellipsis">@{me.username}</span>
      </span>
      <Dropdown
        menu={{ items, selectedKeys: [theme] }}
        trigger={["click"]}
        placement="topRight"
        onOpenChange={notificationSetting.refresh}
      >
        <Button type="text" icon={<SettingOutlined />} aria-label="Settings and log out" />
      </Dropdown>
    </footer>
  );
}
