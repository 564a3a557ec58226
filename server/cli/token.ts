import { z } from "zod";
import { readConfig, type Config } from "../config.js";
import { demoUsers } from "../demo/demo-people.js";
import { demoSecret } from "../platform/data-dir.js";
import { DURATION_FORM, parseDuration } from "../platform/duration.js";
import { signToken } from "../platform/tokens.js";
import { CommandError, readArguments, runCommand } from "./command.js";
import { ask, runningServer } from "./running-server.js";
import { withDatabase } from "./with-database.js";

/** `npm run -s token -- --user john [--ttl 1h]`: one token and a newline on standard output, and nothing else. */
const HELP = `Prints a token with which a user can call the API.

  npm run -s token -- --user john [--ttl 1h]

  --user   username, or the user's id in the host product
  --ttl    how long the token is valid: ${DURATION_FORM}; default 1h
  --help   shows this

  curl http://localhost:4000/graphql -H "Authorization: Bearer $(npm run -s token -- --user john)" \\
    -H "Content-Type: application/json" -d '{"query": "{ chatViewer { chatDisplayName } }"}'
`;
const DEFAULT_TTL = "1h";
const EXAMPLE = "npm run -s token -- --user john --ttl 1h";

/** Whom a token is for. */
export interface TokenUser {
  readonly hostId: string;
  readonly username: string;
  readonly displayName: string;
}

/** Finds a user by username, or else by host id. */
export type ResolveUser = (nameOrId: string) => Promise<TokenUser | undefined>;

export interface TokenRequest {
  readonly user: string;
  readonly ttlMs: number;
}

/** What the arguments ask for. Throws {@link CommandError} for anything but the documented ones. */
export function parseTokenRequest(args: readonly string[]): TokenRequest | "help" {
  const options = {
    user: { type: "string" },
    ttl: { type: "string", default: DEFAULT_TTL },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  const { user, ttl, help } = readArguments({ args: [...args], options }, EXAMPLE).values;
  if (help) return "help";
  if (user === undefined || user.trim() === "") throw new CommandError("Say for whom: npm run -s token -- --user john");
  const ttlMs = parseDuration(ttl);
  if (ttlMs === undefined)
    throw new CommandError(`--ttl ${JSON.stringify(ttl)} is not a duration: write ${DURATION_FORM}.`);
  return { user: user.trim(), ttlMs };
}

/** Signs a token as the configured server will accept it. Throws {@link CommandError}. */
export async function createToken(request: TokenRequest, config: Config, resolveUser: ResolveUser): Promise<string> {
  const secret = await signingSecret(config);
  const user = await resolveUser(request.user);
  if (user === undefined) {
    throw new CommandError(
      `There is no user ${JSON.stringify(request.user)}. Give the username or the host id of one who exists.`,
    );
  }
  const { issuer, audience } = config.identity;
  return signToken({ ...user, secret, ttlMs: request.ttlMs, issuer, audience });
}

async function signingSecret(config: Config): Promise<string> {
  if (config.identity.jwtSecret !== undefined) return config.identity.jwtSecret;
  if (config.demo) return demoSecret(config.dataDir);
  throw new CommandError(
    "There is no secret to sign with: tokens are verified by the keys of JWT_JWKS_URL, so get one from the host product, or set JWT_SECRET.",
  );
}

/** The people of the demo, whom nobody has to look up. */
const DEMO_USERS: readonly TokenUser[] = demoUsers.map((user) => ({
  hostId: String(user.id),
  username: user.username,
  displayName: user.display_name,
}));

/** Looks users up where they are: in a running server that holds the embedded database, or in the database itself. */
export function resolveUserWith(config: Config): ResolveUser {
  return async (nameOrId) => {
    const server = await runningServer(config);
    if (server !== undefined) return ask(server, `/control/users?name=${encodeURIComponent(nameOrId)}`, userAnswer);
    const demoUser = config.demo ? findUser(DEMO_USERS, nameOrId) : undefined;
    return demoUser ?? (await userInDatabase(config, nameOrId));
  };
}

function findUser(users: readonly TokenUser[], nameOrId: string): TokenUser | undefined {
  return users.find((user) => user.username === nameOrId) ?? users.find((user) => user.hostId === nameOrId);
}

/**
 * How a running server tells of a user. Its own log-in is not used: that is limited to some a minute, and knows no
 * `--ttl`; the secret is the same.
 */
const userAnswer = z
  .object({ host_id: z.string(), username: z.string(), display_name: z.string() })
  .transform((user) => ({ hostId: user.host_id, username: user.username, displayName: user.display_name }));

async function userInDatabase(config: Config, nameOrId: string): Promise<TokenUser | undefined> {
  return withDatabase(config, "npm run token", async (database) => {
    const { findUserByName } = await import("../features/directory/directory.queries.js");
    return findUserByName(database.fork(), nameOrId);
  });
}

async function main(args: readonly string[]): Promise<void> {
  const request = parseTokenRequest(args);
  if (request === "help") {
    process.stdout.write(HELP);
    return;
  }
  const config = readConfig();
  process.stdout.write(`${await createToken(request, config, resolveUserWith(config))}\n`);
}

if (process.argv[1] === import.meta.filename) await runCommand(() => main(process.argv.slice(2)));
