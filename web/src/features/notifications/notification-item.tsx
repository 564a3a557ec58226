import { BellOutlined } from "@ant-design/icons";
import type { MenuProps } from "antd";
import { useStore } from "../../lib/store.js";
import { notificationSetting } from "./notification-setting.js";

type Items = NonNullable<MenuProps["items"]>;

const WORDS = {
  blocked: "Notifications are blocked by the browser",
  on: "Turn off notifications",
  off: "Notify me of mentions and direct messages",
} as const;

/** The quiet offer in the user's menu. Nothing where the browser has no notifications. */
export function useNotificationItems(): Items {
  const state = useStore(notificationSetting.state);
  if (state === "unsupported") return [];
  return [
    {
      key: "notifications",
      label: WORDS[state],
      icon: <BellOutlined />,
      disabled: state === "blocked",
      onClick: () => void (state === "on" ? notificationSetting.turnOff() : notificationSetting.turnOn()),
    },
    { type: "divider" },
  ];
}
