import { i18n } from "@lingui/core";
import { FileTextOutlined, SearchOutlined, TeamOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { ReactNode } from "react";
import type { RoomPanel } from "./use-room-panel.js";

interface PanelButtonsProps {
  readonly panel: RoomPanel | null;
  readonly memberCount: number;
  readonly onToggle: (panel: RoomPanel) => void;
}

interface PanelButtonProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly isOpen: boolean;
  readonly onClick: () => void;
  readonly children?: ReactNode;
}

function PanelButton({ label, icon, isOpen, onClick, children }: PanelButtonProps) {
  return (
    <Button
      // Always of one type: antd makes a new button for another, and the focus would be lost.
      type="text"
      icon={icon}
      aria-label={label}
      title={label}
      aria-expanded={isOpen}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}

/** Opens and closes the panels on the right of a room. */
export function PanelButtons({ panel, memberCount, onToggle }: PanelButtonsProps) {
  const of = (name: RoomPanel) => ({ isOpen: panel === name, onClick: () => onToggle(name) });
  return (
    <div className="panel-buttons" role="group" aria-label={i18n.t("Panels")}>
      <PanelButton label={i18n.t("Search in this room")} icon={<SearchOutlined />} {...of("search")} />
      <PanelButton label={i18n.t("Files")} icon={<FileTextOutlined />} {...of("files")} />
      <PanelButton
        label={i18n.t("Members {count, number}", { count: memberCount })}
        icon={<TeamOutlined />}
        {...of("members")}
      >
        {memberCount}
      </PanelButton>
    </div>
  );
}
