import { i18n } from "@lingui/core";
import { BellOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useStore } from "../../lib/store.js";
import { notificationSetting } from "./notification-setting.js";

const WORDS = {
  blocked: /*i18n*/ "Notifications are blocked by the browser",
  on: /*i18n*/ "Turn off notifications",
  off: /*i18n*/ "Notify me of mentions and direct messages",
} as const;

/** The quiet offer in the settings. Nothing where the browser has no notifications. */
export function NotificationButton() {
  const state = useStore(notificationSetting.state);
  if (state === "unsupported") return null;
  const change = (): void => void (state === "on" ? notificationSetting.turnOff() : notificationSetting.turnOn());
  return (
    <Button type="text" block disabled={state === "blocked"} onClick={change}>
      <span className="spacer">{i18n.t(WORDS[state])}</span>
      <BellOutlined aria-hidden />
    </Button>
  );
}
