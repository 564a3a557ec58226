import { ConfigProvider } from "antd";
import english from "antd/es/locale/en_US.js";
import { useEffect, useLayoutEffect, type ReactNode } from "react";
import { useStore } from "../lib/store.js";
import { NoticeHost } from "../ui/notice-host.js";
import { useMediaQuery } from "../ui/use-media-query.js";
import { useSpeech } from "../words/speech.context.js";
import { AppearanceContext, useAppearance, type Appearance } from "./appearance.js";
import { CSS_VARIABLES_CLASS, themeConfig } from "./theme.js";

/** What our own CSS has to know of the choices; it stands on <html>. */
function RootStyle() {
  const { density, sidebarPx } = useAppearance();
  const chosenDensity = useStore(density);
  const width = useStore(sidebarPx);
  useLayoutEffect(() => {
    document.documentElement.dataset["density"] = chosenDensity;
    document.documentElement.style.setProperty("--sidebar-width", `${width}px`);
  }, [chosenDensity, width]);
  return null;
}

interface ThemeProviderProps {
  readonly appearance: Appearance;
  readonly children: ReactNode;
}

/** Ant Design in the chosen or the system's mode, and all else that one can choose of the looks. */
export function ThemeProvider({ appearance, children }: ThemeProviderProps) {
  const choice = useStore(appearance.theme);
  const prefersDark = useMediaQuery("(prefers-color-scheme: dark)");
  const words = useStore(useSpeech().antd);
  const isDark = choice === "dark" || (choice === "system" && prefersDark);
  useEffect(() => {
    const root = document.documentElement;
    root.classList.add(CSS_VARIABLES_CLASS);
    root.style.colorScheme = isDark ? "dark" : "light";
    root.dataset["theme"] = isDark ? "dark" : "light";
  }, [isDark]);
  return (
    <AppearanceContext value={appearance}>
      <RootStyle />
      {/* Always with a locale: antd draws all that is in it afresh when it gets its first or loses its last one. */}
      <ConfigProvider theme={themeConfig(isDark)} locale={words ?? english}>
        {children}
        <NoticeHost />
      </ConfigProvider>
    </AppearanceContext>
  );
}
