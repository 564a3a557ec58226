import { i18n } from "@lingui/core";
import { Alert, Button, Input, Modal, Select } from "antd";
import { useState } from "react";
import { describeError } from "../../lib/errors.js";
import { RowsSkeleton } from "../../ui/pane-states.js";
import { UserAvatar } from "../directory/user-avatar.js";
import { useProjectMembers } from "../directory/use-project-members.js";
import { useChat } from "../session/chat.context.js";
import { useProjects } from "./project-field.js";
import { useCreateRoom } from "./use-create-room.js";

interface NewDirectDialogProps {
  readonly projectId: string | null;
  readonly onClose: () => void;
}

interface PeopleProps {
  readonly projectId: string | null;
  readonly search: string;
  readonly isBusy: boolean;
  readonly onChoose: (userId: string) => void;
}

function People({ projectId, search, isBusy, onChoose }: PeopleProps) {
  const { me } = useChat();
  const { options, isLoading, error } = useProjectMembers(projectId, search, [me.id]);
  if (error) return <Alert type="error" showIcon title={describeError(error)} />;
  if (options.length === 0 && isLoading) return <RowsSkeleton rows={3} lines={1} />;
  if (options.length === 0)
    return (
      <p className="meta">
        {search.trim() ? i18n.t("Nobody by that name in this project.") : i18n.t("Nobody else is in this project yet.")}
      </p>
    );
  return (
    <ul className="people">
      {options.map((person) => (
        <li key={person.value}>
          <Button
            type="text"
            block
            className="person"
            disabled={isBusy}
            icon={<UserAvatar id={person.value} name={person.label} size={28} />}
            onClick={() => onChoose(person.value)}
          >
            <span className="ellipsis">{person.label}</span>
            <span className="meta">@{person.handle}</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** A conversation with one person; the one that exists is opened. */
export function NewDirectDialog({ projectId, onClose }: NewDirectDialogProps) {
  const projects = useProjects();
  const [chosen, setChosen] = useState(projectId);
  const [search, setSearch] = useState("");
  const { createRoom, isBusy, problem } = useCreateRoom(onClose);
  const project = chosen ?? projects[0]?.value ?? null;
  const open = (userId: string): void => {
    if (project) void createRoom({ type: "DIRECT", projectId: project, participantIds: [userId] });
  };
  return (
    <Modal open title={i18n.t("New direct message")} footer={null} onCancel={onClose}>
      <div className="stack">
        {problem && <Alert type="error" showIcon title={problem} />}
        {projects.length > 1 && (
          <Select
            aria-label={i18n.t("Project")}
            value={project}
            options={[...projects]}
            onChange={(value) => setChosen(value)}
          />
        )}
        <Input
          autoFocus
          allowClear
          aria-label={i18n.t("Find a person")}
          placeholder={i18n.t("Find a person")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <People projectId={project} search={search} isBusy={isBusy} onChoose={open} />
      </div>
    </Modal>
  );
}
