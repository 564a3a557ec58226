import type { ThemeConfig } from "antd";
import { theme as antdTheme } from "antd";

/**
 * Real names, so that no machine falls back to its serif. "Parley Emoji" (base.css) is the machine's own colour emoji for
 * emoji alone: an emoji font before the others would draw their digits, one after them loses to monochrome symbols.
 */
const FONT_FAMILY =
  '"Parley Emoji", -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif, ' +
  '"Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji"';

/** The class under which antd publishes its tokens; it stands on <html>, so that our own CSS sees them. */
export const CSS_VARIABLES_CLASS = "parley";

/** Ant Design's theme for a mode. */
export function themeConfig(isDark: boolean): ThemeConfig {
  return {
    algorithm: isDark ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
    cssVar: { key: CSS_VARIABLES_CLASS, prefix: "ant" },
    hashed: false,
    // antd's own primary on its own selection can't be read in the dark.
    components: isDark ? { Dropdown: { colorPrimary: "#bac8ff" }, Menu: { colorPrimary: "#bac8ff" } } : {},
    token: {
      colorPrimary: "#3b5bdb",
      // White on antd's own red is 3.3:1.
      colorError: "#d92d2d",
      colorErrorText: isDark ? "#ff8787" : "#c92a2a",
      controlItemBgActive: isDark ? "#29345f" : "#dfe5fb",
      colorLink: isDark ? "#91a7ff" : "#3b5bdb",
      colorBgLayout: isDark ? "#101114" : "#f5f6f8",
      colorBgContainer: isDark ? "#17191d" : "#ffffff",
      colorBgElevated: isDark ? "#202329" : "#ffffff",
      borderRadius: 6,
      fontSize: 14,
      lineHeight: 1.46,
      fontFamily: FONT_FAMILY,
      // antd's secondary text is 4.5:1 on white only from 0.60 up.
      colorTextSecondary: isDark ? "rgba(255,255,255,0.68)" : "rgba(0,0,0,0.64)",
      colorTextPlaceholder: isDark ? "rgba(255,255,255,0.54)" : "rgba(0,0,0,0.56)",
      colorTextDescription: isDark ? "rgba(255,255,255,0.60)" : "rgba(0,0,0,0.60)",
    },
  };
}
