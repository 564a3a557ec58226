import { i18n } from "@lingui/core";
import { Select } from "antd";

const ALL = "";

interface ProjectSelectProps {
  readonly projects: readonly { readonly id: string; readonly chatName: string | null }[];
  readonly projectId: string | null;
  readonly onChoose: (projectId: string | null) => void;
}

/** Narrows the rooms to those of one project. */
export function ProjectSelect({ projects, projectId, onChoose }: ProjectSelectProps) {
  const options = [
    { value: ALL, label: i18n.t("All projects") },
    ...projects.map((project) => ({ value: project.id, label: project.chatName ?? project.id })),
  ];
  return (
    <Select
      aria-label={i18n.t("Project")}
      className="sidebar-project"
      value={projectId ?? ALL}
      options={options}
      onChange={(value) => onChoose(value === ALL ? null : value)}
    />
  );
}
