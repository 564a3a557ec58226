import { GraphiQL } from "graphiql";
import { useMemo, useState } from "react";
import { DemoBar } from "../features/session/demo-bar.js";
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

function headersFor(token: string): string {
  return JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2);
}

/** GraphiQL with this server's fetcher, and in demo mode a way to a token. */
export function GraphiQLPage() {
  const [token, setToken] = useState<string | null>(null);
  const fetcher = useMemo(() => createFetcher(), []);
  return (
    <div className="graphiql-page">
      <DemoBar onToken={setToken} />
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
