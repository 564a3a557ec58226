import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parseId, type UserId } from "../platform/ids.js";
import { firstUsers, usersByIds } from "../features/directory/directory.queries.js";
import { requireLoginRate } from "../features/limits/limit.access.js";
import { DomainError } from "../platform/errors.js";
import { parseInput } from "../platform/input.js";
import type { Database } from "../platform/orm.js";
import type { Services } from "../platform/scope.js";
import { networkOf } from "../platform/address.js";

/** Makes a token for a person, without asking for a password: demo mode alone has one. */
export type IssueToken = (user: {
  readonly hostId: string;
  readonly username: string;
  readonly displayName: string;
}) => Promise<string>;

const MAX_LISTED_USERS = 20;
const loginInput = z.object(
  { user_id: z.int({ error: 'Say who you are by number: {"user_id": 1}.' }).positive() },
  { error: 'Say who you are by number: {"user_id": 1}.' },
);

export interface DemoParts {
  readonly database: Database;
  readonly services: Services;
  readonly issueToken: IssueToken;
}

/** The demo's log-in: who there is, and a token for each. */
export function mountDemo(app: FastifyInstance, parts: DemoParts): void {
  const { database } = parts;
  app.get("/demo/users", async () => {
    const users = await firstUsers(database.fork(), MAX_LISTED_USERS);
    return users.map((user) => ({
      id: user.id,
      host_id: user.hostId,
      username: user.username,
      display_name: user.displayName,
    }));
  });
  app.post("/demo/login", async (request) => ({ token: await logIn(parts, networkOf(request.ip), request.body) }));
}

/**
 * A token for the demo user whose number is given.
 * @throws DomainError BAD_USER_INPUT, RATE_LIMITED, NOT_FOUND
 */
async function logIn({ database, services, issueToken }: DemoParts, network: string, input: unknown): Promise<string> {
  const { user_id } = parseInput(loginInput, input);
  await requireLoginRate(services, network);
  const userId = parseId<UserId>(user_id);
  const [user] = await usersByIds(database.fork(), userId === undefined ? [] : [userId]);
  if (user === undefined) throw new DomainError("NOT_FOUND", "There is no demo user with this number.");
  return issueToken(user);
}
