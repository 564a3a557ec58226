import { i18n } from "@lingui/core";
import { DesktopOutlined, LogoutOutlined, MoonOutlined, SunOutlined } from "@ant-design/icons";
import { Button, Segmented } from "antd";
import { NotificationButton } from "../features/notifications/notification-button.js";
import { useSessionStore } from "../features/session/session.context.js";
import { useStore } from "../lib/store.js";
import { KeyCaps } from "../ui/key-caps.js";
import { KEYS } from "../ui/keys.js";
import { LanguageSelect } from "../words/language-select.js";
import { useAppearance, type Density, type ThemeChoice } from "./appearance.js";

const THEMES = [
  { value: "light", label: /*i18n*/ "Light", icon: <SunOutlined /> },
  { value: "dark", label: /*i18n*/ "Dark", icon: <MoonOutlined /> },
  { value: "system", label: /*i18n*/ "System", icon: <DesktopOutlined /> },
] as const;

const DENSITIES = [
  { value: "comfortable", label: /*i18n*/ "Comfortable" },
  { value: "compact", label: /*i18n*/ "Compact" },
] as const;

/** How the client looks, which keys it has, and the way out. */
export function Settings({ onListKeys }: { readonly onListKeys: () => void }) {
  const { theme, density } = useAppearance();
  const { logOut } = useSessionStore();
  return (
    <div className="settings">
      <h2 id="settings-theme">{i18n.t("Theme")}</h2>
      <Segmented<ThemeChoice>
        block
        name="theme"
        aria-labelledby="settings-theme"
        options={THEMES.map((each) => ({ ...each, label: i18n.t(each.label) }))}
        value={useStore(theme)}
        onChange={theme.set}
      />
      <h2 id="settings-density">{i18n.t("Density")}</h2>
      <Segmented<Density>
        block
        name="density"
        aria-labelledby="settings-density"
        options={DENSITIES.map((each) => ({ ...each, label: i18n.t(each.label) }))}
        value={useStore(density)}
        onChange={density.set}
      />
      <h2 id="settings-language">{i18n.t("Language")}</h2>
      <LanguageSelect labelledBy="settings-language" />
      <div className="settings-actions">
        <NotificationButton />
        <Button type="text" block onClick={onListKeys}>
          <span className="spacer">{i18n.t("Keys")}</span>
          <KeyCaps chord={KEYS.listKeys.chords[0]} />
        </Button>
        <Button type="text" block danger onClick={logOut}>
          <span className="spacer">{i18n.t("Log out")}</span>
          <LogoutOutlined aria-hidden />
        </Button>
      </div>
    </div>
  );
}
