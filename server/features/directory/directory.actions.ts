import type { SqlEntityManager } from "@mikro-orm/sql";
import { DomainError } from "../../platform/errors.js";
import { queryOne, sql } from "../../platform/sql.js";
import type { Profile, User } from "./directory.js";
import { profileOf } from "./directory.queries.js";

/**
 * The person whom a valid token names: the local copy, made if there is none, and freshened when the token is newer
 * than what we know.
 * @returns the person, and whether their names have changed
 * @throws DomainError UNAUTHENTICATED when the host product has deleted that person
 */
export async function recognise(
  em: SqlEntityManager,
  profile: Profile,
  issuedAtMs: number | undefined,
): Promise<{ user: User; changed: boolean }> {
  const known = await profileOf(em, profile.hostId);
  if (known?.isDeleted === true) throw new DomainError("UNAUTHENTICATED", "This account has been deleted.");
  if (known !== undefined && !isNews(known.user, profile, issuedAtMs ?? 0, known.profileAtMs))
    return { user: known.user, changed: false };
  const user = await store(em, profile, issuedAtMs);
  return { user, changed: known !== undefined };
}

function isNews(user: User, profile: Profile, issuedAtMs: number, profileAtMs: number): boolean {
  const differs =
    (profile.username ?? user.username) !== user.username ||
    (profile.displayName ?? user.displayName) !== user.displayName;
  return differs && issuedAtMs > profileAtMs;
}

async function store(em: SqlEntityManager, profile: Profile, issuedAtMs: number | undefined): Promise<User> {
  const { hostId, username, displayName } = profile;
  const profileAt = issuedAtMs === undefined ? null : new Date(issuedAtMs).toISOString();
  const row = await queryOne<{ id: User["id"]; username: string; display_name: string }>(
    em,
    sql`insert into chat_user (host_id, username, display_name, profile_at)
        values (${hostId}, ${username ?? hostId}, ${displayName ?? username ?? hostId}, ${profileAt}::timestamptz)
        on conflict (host_id) do update set
          username = coalesce(${username ?? null}, chat_user.username),
          display_name = coalesce(${displayName ?? null}, chat_user.display_name),
          profile_at = excluded.profile_at
          where excluded.profile_at > coalesce(chat_user.profile_at, '-infinity')
        returning id, username, display_name`,
  );
  if (row === undefined) return storedMeanwhile(em, hostId);
  return { id: row.id, hostId, username: row.username, displayName: row.display_name };
}

/** Another of this person's tokens, at least as new, was faster. */
async function storedMeanwhile(em: SqlEntityManager, hostId: string): Promise<User> {
  const known = await profileOf(em, hostId);
  if (known === undefined) throw new Error(`The person ${hostId} could not be stored.`);
  return known.user;
}
