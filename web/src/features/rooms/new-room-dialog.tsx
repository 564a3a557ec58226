import { i18n } from "@lingui/core";
import { Alert, Form, Input, Modal } from "antd";
import { MembersSelect } from "../directory/member-select.js";
import { useChat } from "../session/chat.context.js";
import { ProjectField, useProjects } from "./project-field.js";
import { roomNameRules } from "./room-name.js";
import { useCreateRoom } from "./use-create-room.js";

interface NewRoomValues {
  readonly name: string;
  readonly projectId: string;
  readonly participantIds: string[];
}

interface NewRoomDialogProps {
  readonly projectId: string | null;
  readonly onClose: () => void;
}

/** A new group: a name, and who is in it from the start. */
export function NewRoomDialog({ projectId, onClose }: NewRoomDialogProps) {
  const { me } = useChat();
  const projects = useProjects();
  const [form] = Form.useForm<NewRoomValues>();
  const { createRoom, isBusy, problem } = useCreateRoom(onClose);
  const initialProject = projectId ?? projects[0]?.value;
  const chosenProject = Form.useWatch("projectId", form) ?? initialProject ?? null;
  const submit = (values: NewRoomValues): void =>
    void createRoom({
      type: "GROUP",
      name: values.name.trim(),
      projectId: values.projectId,
      participantIds: values.participantIds,
    });
  return (
    <Modal
      open
      title={i18n.t("New room")}
      okText={i18n.t("Create room")}
      onOk={form.submit}
      onCancel={onClose}
      confirmLoading={isBusy}
    >
      {problem && <Alert type="error" showIcon title={problem} />}
      <Form<NewRoomValues>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ participantIds: [], projectId: initialProject }}
        onValuesChange={(changed: Partial<NewRoomValues>) =>
          changed.projectId && form.setFieldsValue({ participantIds: [] })
        }
        onFinish={submit}
      >
        <Form.Item name="name" label={i18n.t("Name")} rules={roomNameRules()}>
          <Input autoFocus placeholder={i18n.t("What is it about?")} />
        </Form.Item>
        <ProjectField projects={projects} />
        <Form.Item
          name="participantIds"
          label={i18n.t("Members")}
          extra={i18n.t("You are in it anyway, and members can add others later.")}
        >
          <MembersSelect
            projectId={chosenProject}
            excludedIds={[me.id]}
            placeholder={i18n.t("Choose people")}
            label={i18n.t("Members")}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
