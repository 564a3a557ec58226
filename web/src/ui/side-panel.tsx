import { Drawer } from "antd";
import type { ReactNode } from "react";
import { NARROW, useMediaQuery, WIDE } from "./use-media-query.js";

const PANEL_PX = 380;

interface SidePanelProps {
  readonly label: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Beside the feed where there is room for it, else in a drawer over it; on a phone the whole screen. */
export function SidePanel({ label, isOpen, onClose, children }: SidePanelProps) {
  const isWide = useMediaQuery(WIDE);
  const isNarrow = useMediaQuery(NARROW);
  if (isWide) {
    return isOpen ? (
      <aside className="panel" aria-label={label} data-region>
        {children}
      </aside>
    ) : null;
  }
  return (
    <Drawer
      open={isOpen}
      onClose={onClose}
      closable={false}
      size={isNarrow ? "100%" : PANEL_PX}
      rootClassName="panel-drawer"
      styles={{ body: { padding: 0 } }}
      aria-label={label}
    >
      {children}
    </Drawer>
  );
}
