import { signToken } from "../platform/tokens.js";
import { hostIdOf } from "./plan.js";

const HOUR_MS = 3_600_000;

/** Tokens for the people of the plan, with the names that the server knows already. */
export function createTokens(secret: string): (user: number) => Promise<string> {
  return (user) =>
    signToken({
      secret,
      hostId: hostIdOf(user),
      username: `user${user}`,
      displayName: `User Number ${user}`,
      ttlMs: HOUR_MS,
    });
}
