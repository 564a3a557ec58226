import { useEffect, useState } from "react";
import { fetchDemoUsers, logInAsDemoUser, type DemoUser } from "./demo.js";

function useDemoUsers(): readonly DemoUser[] {
  const [users, setUsers] = useState<readonly DemoUser[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    // Without demo mode there is nothing to offer, and the page's own place for a token is enough.
    fetchDemoUsers(controller.signal).then(
      (found) => setUsers(found ?? []),
      () => undefined,
    );
    return () => controller.abort();
  }, []);
  return users;
}

interface DemoBarProps {
  readonly onToken: (token: string) => void;
}

/** In demo mode, a way to a token: one chooses who to be. Otherwise nothing. */
export function DemoBar({ onToken }: DemoBarProps) {
  const users = useDemoUsers();
  const [problem, setProblem] = useState<string | null>(null);
  if (users.length === 0) return null;
  const choose = (id: number): void => {
    setProblem(null);
    logInAsDemoUser(id).then(onToken, () => setProblem("That did not work. Please try again."));
  };
  return (
    <div className="demo-bar">
      <label>
        {"Demo mode: be "}
        <select defaultValue="" onChange={(event) => choose(Number(event.target.value))}>
          <option value="" disabled>
            choose a user
          </option>
          {users.map((user) => (
            <option key={user.id} value={user.id}>
              {user.displayName}
            </option>
          ))}
        </select>
      </label>
      {problem && <span role="alert">{problem}</span>}
    </div>
  );
}
