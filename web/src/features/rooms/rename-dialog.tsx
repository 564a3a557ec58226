import { i18n } from "@lingui/core";
import { useMutation } from "@apollo/client/react";
import { Alert, Form, Input, Modal } from "antd";
import { describeError } from "../../lib/errors.js";
import { roomNameRules } from "./room-name.js";
import { RenameChatRoom } from "./room.mutations.js";

interface RenameDialogProps {
  readonly roomId: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** Gives a group another name. */
export function RenameDialog({ roomId, name, onClose }: RenameDialogProps) {
  const [form] = Form.useForm<{ name: string }>();
  const [rename, { loading, error }] = useMutation(RenameChatRoom);
  const submit = (values: { name: string }): void => {
    rename({ variables: { input: { roomId, name: values.name.trim() } } }).then(onClose, () => undefined);
  };
  return (
    <Modal
      open
      title={i18n.t("Rename room")}
      okText={i18n.t("Rename")}
      onOk={form.submit}
      onCancel={onClose}
      confirmLoading={loading}
    >
      {error && <Alert type="error" showIcon title={describeError(error)} />}
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ name }} onFinish={submit}>
        <Form.Item name="name" label={i18n.t("Name")} rules={roomNameRules()}>
          <Input autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
