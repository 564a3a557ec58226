import { DesktopOutlined, LogoutOutlined, MoonOutlined, SunOutlined } from "@ant-design/icons";
import { Button, Segmented } from "antd";
import { NotificationButton } from "../features/notifications/notification-button.js";
import { useSessionStore } from "../features/session/session.context.js";
import { useStore } from "../lib/store.js";
import { KeyCaps } from "../ui/key-caps.js";
import { KEYS } from "../ui/keys.js";
import { useAppearance, type Density, type ThemeChoice } from "./appearance.js";

const THEMES = [
  { value: "light", label: "Light", icon: <SunOutlined /> },
  { value: "dark", label: "Dark", icon: <MoonOutlined /> },
  { value: "system", label: "System", icon: <DesktopOutlined /> },
] as const;

const DENSITIES = [
  { value: "comfortable", label: "Comfortable" },
  { value: "compact", label: "Compact" },
] as const;

/** How the client looks, which keys it has, and the way out. */
export function Settings({ onListKeys }: { readonly onListKeys: () => void }) {
  const { theme, density } = useAppearance();
  const { logOut } = useSessionStore();
  return (
    <div className="settings">
      <h2 id="settings-theme">Theme</h2>
      <Segmented<ThemeChoice>
        block
        name="theme"
        aria-labelledby="settings-theme"
        options={[...THEMES]}
        value={useStore(theme)}
        onChange={theme.set}
      />
      <h2 id="settings-density">Density</h2>
      <Segmented<Density>
        block
        name="density"
        aria-labelledby="settings-density"
        options={[...DENSITIES]}
        value={useStore(density)}
        onChange={density.set}
      />
      <div className="settings-actions">
        <NotificationButton />
        <Button type="text" block onClick={onListKeys}>
          <span className="spacer">Keys</span>
          <KeyCaps chord={KEYS.listKeys.chords[1]} />
        </Button>
        <Button type="text" block danger onClick={logOut}>
          <span className="spacer">Log out</span>
          <LogoutOutlined aria-hidden />
        </Button>
      </div>
    </div>
  );
}
