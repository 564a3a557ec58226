// What the other examples have in common: a token, GraphQL over HTTP, and a WebSocket for subscriptions.
import { createClient } from "graphql-ws";

const url = process.env.PARLEY_URL ?? "http://localhost:4000";

/** A token from the demo's log-in. A real client gets its token from the product that it is part of. */
export async function logIn(userId) {
  const response = await fetch(`${url}/demo/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user_id: userId }),
  });
  if (!response.ok) throw new Error(`Log-in failed: ${await response.text()}`);
  return (await response.json()).token;
}

/** One query or mutation. Throws with the code of the first error. */
export async function request(token, query, variables = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`${errors[0].extensions.code}: ${errors[0].message}`);
  return data;
}

/** A connection for subscriptions: `for await (const { data } of socket.iterate({ query, variables }))`. */
export function connect(token) {
  return createClient({
    url: `${url.replace(/^http/, "ws")}/graphql`,
    connectionParams: { authorization: `Bearer ${token}` },
    // The one who subscribes resumes, because only it knows the cursor to continue from.
    retryAttempts: 0,
  });
}

export function say(text) {
  process.stdout.write(`${text}\n`);
}
