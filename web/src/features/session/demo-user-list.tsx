import { i18n } from "@lingui/core";
import { Alert, Button } from "antd";
import { useState } from "react";
import { UserAvatar } from "../directory/user-avatar.js";
import { LogInRefused, logInAsDemoUser, type DemoUser } from "./demo.js";
import { useSessionStore } from "./session.context.js";

function describeRefusal(error: unknown): string {
  if (!(error instanceof LogInRefused)) return i18n.t("The server can’t be reached.");
  return error.reason === "tooMany"
    ? i18n.t("Too many log-ins at once. Please wait a minute and try again.")
    : i18n.t("The server did not accept this user. Please try again.");
}

/** One button for each demo user. */
export function DemoUserList({ users }: { readonly users: readonly DemoUser[] }) {
  const { logIn } = useSessionStore();
  const [busyId, setBusyId] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const choose = (user: DemoUser): void => {
    setBusyId(user.id);
    setProblem(null);
    logInAsDemoUser(user.id).then(logIn, (error: unknown) => {
      setBusyId(null);
      setProblem(describeRefusal(error));
    });
  };
  return (
    <>
      <p className="login-hint">
        {i18n.t("This is a demo. Choose who you want to be; another tab can be somebody else.")}
      </p>
      {problem && <Alert type="error" showIcon title={problem} />}
      <ul className="login-users">
        {users.map((user) => (
          <li key={user.id}>
            <Button
              block
              size="large"
              className="login-user"
              loading={busyId === user.id}
              disabled={busyId !== null && busyId !== user.id}
              icon={<UserAvatar id={String(user.id)} name={user.displayName} size={28} />}
              onClick={() => choose(user)}
            >
              <span className="login-user-name">{user.displayName}</span>
              <span className="login-user-handle">@{user.username}</span>
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
