import { createContext, use } from "react";
import { createKeptChoice } from "../lib/kept-choice.js";
import type { Store } from "../lib/store.js";

export type ThemeChoice = "light" | "dark" | "system";
export type Density = "comfortable" | "compact";

/** How wide the sidebar can be, in pixels. */
export const SIDEBAR_PX = { min: 220, max: 360, usual: 264 } as const;

/** How the client looks, as its user chose it: the same in all tabs and at the next visit. */
export interface Appearance {
  readonly theme: Store<ThemeChoice>;
  readonly density: Store<Density>;
  readonly sidebarPx: Store<number>;
}

/** The nearest width that the sidebar can have. */
export function clampSidebar(px: number): number {
  return Math.round(Math.min(SIDEBAR_PX.max, Math.max(SIDEBAR_PX.min, px)));
}

function parseTheme(value: string | null): ThemeChoice {
  return value === "light" || value === "dark" ? value : "system";
}

function parseDensity(value: string | null): Density {
  return value === "compact" ? value : "comfortable";
}

function parseSidebar(value: string | null): number {
  const px = Number(value ?? Number.NaN);
  return Number.isFinite(px) ? clampSidebar(px) : SIDEBAR_PX.usual;
}

/** Reads what was chosen, and keeps what will be. */
export function createAppearance(storage: Storage): Appearance {
  return {
    theme: createKeptChoice<ThemeChoice>(storage, { key: "parley.theme", parse: parseTheme }),
    density: createKeptChoice<Density>(storage, { key: "parley.density", parse: parseDensity }),
    sidebarPx: createKeptChoice<number>(storage, { key: "parley.sidebar", parse: parseSidebar }),
  };
}

export const AppearanceContext = createContext<Appearance | null>(null);

/** The choices, for what shows and changes them. */
export function useAppearance(): Appearance {
  const appearance = use(AppearanceContext);
  if (!appearance) throw new Error("No ThemeProvider above");
  return appearance;
}
