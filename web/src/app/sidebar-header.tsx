import { Select } from "antd";
import { NewDirectButton, NewRoomButton } from "../features/rooms/new-buttons.js";
import { Logo } from "../ui/logo.js";

const ALL = "";

interface SidebarHeaderProps {
  readonly projects: readonly { readonly id: string; readonly chatName: string | null }[];
  readonly projectId: string | null;
  readonly onChoose: (projectId: string | null) => void;
}

/** The product's name, the project when there are several, and the ways to start something. */
export function SidebarHeader({ projects, projectId, onChoose }: SidebarHeaderProps) {
  const options = [
    { value: ALL, label: "All projects" },
    ...projects.map((project) => ({ value: project.id, label: project.chatName ?? project.id })),
  ];
  return (
    <header className="sidebar-header">
      <div className="sidebar-title">
        <Logo />
        <span className="spacer" />
        <NewRoomButton projectId={projectId} />
        <NewDirectButton projectId={projectId} />
      </div>
      {projects.length > 1 && (
        <Select
          aria-label="Project"
          className="sidebar-project"
          value={projectId ?? ALL}
          options={options}
          onChange={(value) => onChoose(value === ALL ? null : value)}
        />
      )}
    </header>
  );
}
