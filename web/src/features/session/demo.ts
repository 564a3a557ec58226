import { env } from "../../lib/env.js";
import { isRecord } from "../../lib/records.js";

/** A user that demo mode offers on its log-in page. */
export interface DemoUser {
  readonly id: number;
  readonly username: string;
  readonly displayName: string;
}

function parseUser(value: unknown): DemoUser | null {
  if (!isRecord(value)) return null;
  const { id, username, display_name: displayName } = value;
  if (typeof id !== "number" || typeof username !== "string") return null;
  return { id, username, displayName: typeof displayName === "string" && displayName ? displayName : username };
}

/** The demo users, or null when the server is not in demo mode. Throws when it can't be reached. */
export async function fetchDemoUsers(signal?: AbortSignal): Promise<readonly DemoUser[] | null> {
  const response = await fetch(env.demoUsersUrl, { headers: { accept: "application/json" }, signal: signal ?? null });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`The server answered ${response.status}`);
  const body: unknown = await response.json();
  return Array.isArray(body) ? body.map(parseUser).filter((user) => user !== null) : [];
}

/** Why the server gave no token. */
export class LogInRefused extends Error {
  readonly reason: "tooMany" | "notAccepted";

  constructor(reason: "tooMany" | "notAccepted") {
    super(reason);
    this.reason = reason;
  }
}

/**
 * A token for a demo user.
 * @throws LogInRefused, or what `fetch` throws when the server can't be reached
 */
export async function logInAsDemoUser(userId: number): Promise<string> {
  const response = await fetch(env.demoLoginUrl, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ user_id: userId }),
  });
  if (response.status === 429) throw new LogInRefused("tooMany");
  const body: unknown = response.ok ? await response.json() : null;
  const token = isRecord(body) ? body["token"] : null;
  if (typeof token !== "string") throw new LogInRefused("notAccepted");
  return token;
}
