import { App, ConfigProvider } from "antd";
import { createContext, use, useEffect, type ReactNode } from "react";
import { useStore, type Store } from "../lib/store.js";
import { useMediaQuery } from "../ui/use-media-query.js";
import { CSS_VARIABLES_CLASS, themeConfig, type ThemeChoice } from "./theme.js";

const ThemeContext = createContext<Store<ThemeChoice> | null>(null);

/** The theme's store, for the menu that changes it. */
export function useThemeStore(): Store<ThemeChoice> {
  const store = use(ThemeContext);
  if (!store) throw new Error("No ThemeProvider above");
  return store;
}

/** Ant Design in the chosen or the system's mode. */
export function ThemeProvider({
  store,
  children,
}: {
  readonly store: Store<ThemeChoice>;
  readonly children: ReactNode;
}) {
  const choice = useStore(store);
  const prefersDark = useMediaQuery("(prefers-color-scheme: dark)");
  const isDark = choice === "dark" || (choice === "system" && prefersDark);
  useEffect(() => {
    const root = document.documentElement;
    root.classList.add(CSS_VARIABLES_CLASS);
    root.style.colorScheme = isDark ? "dark" : "light";
    root.dataset["theme"] = isDark ? "dark" : "light";
  }, [isDark]);
  return (
    <ThemeContext value={store}>
      <ConfigProvider theme={themeConfig(isDark)}>
        <App component={false} message={{ maxCount: 3 }}>
          {children}
        </App>
      </ConfigProvider>
    </ThemeContext>
  );
}
