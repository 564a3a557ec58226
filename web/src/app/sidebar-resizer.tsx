import { i18n } from "@lingui/core";
import { useState, type KeyboardEvent, type PointerEvent } from "react";
import { useStore } from "../lib/store.js";
import { clampSidebar, SIDEBAR_PX, useAppearance } from "./appearance.js";

const STEP_PX = 10;

function widthByKey(key: string, width: number): number | null {
  if (key === "ArrowLeft") return width - STEP_PX;
  if (key === "ArrowRight") return width + STEP_PX;
  if (key === "Home") return SIDEBAR_PX.min;
  return key === "End" ? SIDEBAR_PX.max : null;
}

/** The sidebar's edge: dragged, moved by arrow keys, put back by a double click. */
export function SidebarResizer() {
  const { sidebarPx } = useAppearance();
  const width = useStore(sidebarPx);
  const [isDragged, setDragged] = useState(false);
  const set = (px: number): void => sidebarPx.set(clampSidebar(px));
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = widthByKey(event.key, width);
    if (next === null) return;
    event.preventDefault();
    set(next);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const left = event.currentTarget.parentElement?.getBoundingClientRect().left ?? 0;
    if (isDragged) set(event.clientX - left);
  };
  return (
    <div
      className="sidebar-resizer"
      role="separator"
      aria-orientation="vertical"
      aria-label={i18n.t("Width of the sidebar")}
      aria-valuenow={width}
      aria-valuemin={SIDEBAR_PX.min}
      aria-valuemax={SIDEBAR_PX.max}
      tabIndex={0}
      data-dragged={isDragged || undefined}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragged(true);
      }}
      onPointerMove={onPointerMove}
      onLostPointerCapture={() => setDragged(false)}
      onDoubleClick={() => set(SIDEBAR_PX.usual)}
    />
  );
}
