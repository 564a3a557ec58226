import { GraphiQL } from "graphiql";
import { useEffect, useMemo, useState } from "react";
import { fetchDemoUsers, logInAsDemoUser, type DemoUser } from "../features/session/demo.js";
import { createFetcher } from "./fetcher.js";

const WELCOME = `# Parley's GraphQL API. Queries and mutations go over HTTP, subscriptions over graphql-ws.
# The token stands in the Headers tab: {"Authorization": "Bearer ..."}.

query Rooms {
  chatViewer {
    id
    chatDisplayName
  }
  chatRooms(first: 10) {
    headCursor
    nodes {
      id
      displayName
      unreadCount
    }
  }
}

subscription Events {
  chatEvents {
    __typename
    cursor
    seq
    ... on ChatMessageSent {
      message {
        id
        content
        user {
          chatDisplayName
        }
      }
    }
  }
}
`;

function useDemoUsers(): readonly DemoUser[] {
  const [users, setUsers] = useState<readonly DemoUser[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    // Without demo mode there is nothing to offer, and the headers editor is enough.
    fetchDemoUsers(controller.signal).then(
      (found) => setUsers(found ?? []),
      () => undefined,
    );
    return () => controller.abort();
  }, []);
  return users;
}

function headersFor(token: string): string {
  return JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2);
}

interface DemoBarProps {
  readonly users: readonly DemoUser[];
  readonly onToken: (token: string) => void;
}

function DemoBar({ users, onToken }: DemoBarProps) {
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

/** GraphiQL with this server's fetcher, and in demo mode a way to a token. */
export function GraphiQLPage() {
  const users = useDemoUsers();
  const [token, setToken] = useState<string | null>(null);
  const fetcher = useMemo(() => createFetcher(), []);
  return (
    <div className="graphiql-page">
      <DemoBar users={users} onToken={setToken} />
      <div className="graphiql-body">
        <GraphiQL
          // A new token starts the editor anew, so that its headers and its schema are those of the new user.
          key={token}
          fetcher={fetcher}
          defaultQuery={WELCOME}
          shouldPersistHeaders={false}
          {...(token && { initialHeaders: headersFor(token), defaultHeaders: headersFor(token) })}
        />
      </div>
    </div>
  );
}
