import { DesktopOutlined, LogoutOutlined, MoonOutlined, SunOutlined } from "@ant-design/icons";
import { Dropdown, type MenuProps } from "antd";
import type { ReactElement, ReactNode } from "react";
import { useSessionStore } from "../features/session/session.context.js";
import { useStore } from "../lib/store.js";
import type { ThemeChoice } from "./theme.js";
import { useThemeStore } from "./theme.context.js";

const THEMES: readonly { readonly key: ThemeChoice; readonly label: string; readonly icon: ReactNode }[] = [
  { key: "light", label: "Light", icon: <SunOutlined /> },
  { key: "dark", label: "Dark", icon: <MoonOutlined /> },
  { key: "system", label: "Like the system", icon: <DesktopOutlined /> },
];

/** The menu that belongs to oneself: the theme, and the way out. Its child opens it. */
export function SettingsMenu({ children }: { readonly children: ReactElement }) {
  const { logOut } = useSessionStore();
  const themeStore = useThemeStore();
  const theme = useStore(themeStore);
  const items: MenuProps["items"] = [
    {
      type: "group",
      label: "Theme",
      children: THEMES.map(({ key, label, icon }) => ({ key, label, icon, onClick: () => themeStore.set(key) })),
    },
    { type: "divider" },
    { key: "logout", label: "Log out", icon: <LogoutOutlined />, onClick: logOut },
  ];
  return (
    <Dropdown menu={{ items, selectedKeys: [theme] }} trigger={["click"]} placement="topRight">
      {children}
    </Dropdown>
  );
}
