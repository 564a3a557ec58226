import { i18n } from "@lingui/core";
import { Button, Form, Input } from "antd";
import { useSessionStore } from "./session.context.js";

/** For servers whose host product issues the tokens: one is pasted. */
export function TokenForm() {
  const { logIn } = useSessionStore();
  return (
    <Form<{ token: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ token }) => logIn(token.trim().replace(/^Bearer\s+/i, ""))}
    >
      <Form.Item
        name="token"
        label={i18n.t("Access token")}
        extra={i18n.t("Your organisation’s product issues it.")}
        rules={[{ required: true, whitespace: true, message: i18n.t("Paste a token first.") }]}
      >
        <Input.TextArea autoFocus autoSize={{ minRows: 3, maxRows: 8 }} spellCheck={false} className="login-token" />
      </Form.Item>
      <Button type="primary" htmlType="submit" block size="large">
        {i18n.t("Log in")}
      </Button>
    </Form>
  );
}
