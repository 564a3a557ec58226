import type { SqlEntityManager } from "@mikro-orm/sql";
import { batchesOf } from "../../platform/batches.js";
import { DomainError } from "../../platform/errors.js";
import type { Services } from "../../platform/scope.js";
import { query, queryOne, sql } from "../../platform/sql.js";
import {
  ACCOUNT_DELETED,
  PEOPLE_TOPIC,
  peopleMessage,
  type PeopleMessage,
  type Profile,
  type User,
} from "./directory.js";
import { profileOf, type KnownProfile } from "./directory.queries.js";
import { lockNewcomers, takeNumbers } from "./local-number.actions.js";

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
  if (known === undefined) return { user: await welcome(em, profile, issuedAtMs), changed: false };
  const user = requireThere(known);
  if (!isNews(user, profile, issuedAtMs ?? 0, known.profileAtMs)) return { user, changed: false };
  return { user: await freshen(em, user, profile, issuedAtMs ?? 0), changed: true };
}

function requireThere({ user, isDeleted }: KnownProfile): User {
  if (isDeleted) throw new DomainError("UNAUTHENTICATED", ACCOUNT_DELETED);
  return user;
}

function isNews(user: User, profile: Profile, issuedAtMs: number, profileAtMs: number): boolean {
  const differs =
    (profile.username ?? user.username) !== user.username ||
    (profile.displayName ?? user.displayName) !== user.displayName;
  return differs && issuedAtMs > profileAtMs;
}

/** Makes somebody known who was not. */
async function welcome(em: SqlEntityManager, profile: Profile, issuedAtMs: number | undefined): Promise<User> {
  const { hostId } = profile;
  const username = profile.username ?? hostId;
  const displayName = profile.displayName ?? username;
  const profileAt = issuedAtMs === undefined ? null : new Date(issuedAtMs).toISOString();
  return em.fork().transactional(async (tx) => {
    await lockNewcomers(tx, "chat_user");
    // Another of this person's tokens may have been faster.
    const met = await profileOf(tx, hostId);
    if (met !== undefined) return requireThere(met);
    const [id] = await takeNumbers<User["id"]>(tx, "chat_user", [hostId]);
    if (id === undefined) throw new Error("There was no number for a new person.");
    await query(
      tx,
      sql`insert into chat_user (id, host_id, username, display_name, profile_at)
          values (${id}, ${hostId}, ${username}, ${displayName}, ${profileAt}::timestamptz)`,
    );
    return { id, hostId, username, displayName };
  });
}

async function freshen(em: SqlEntityManager, user: User, profile: Profile, issuedAtMs: number): Promise<User> {
  const { username = user.username, displayName = user.displayName } = profile;
  const profileAt = new Date(issuedAtMs).toISOString();
  const row = await queryOne(
    em,
    sql`update chat_user set username = ${username}, display_name = ${displayName}, profile_at = ${profileAt}::timestamptz
        where id = ${user.id} and deleted_at is null and ${profileAt}::timestamptz > coalesce(profile_at, '-infinity')
        returning id`,
  );
  if (row !== undefined) return { ...user, username, displayName };
  // Something newer, another token or the host product itself, was faster.
  const now = await profileOf(em, user.hostId);
  if (now === undefined) throw new Error(`The person ${user.id} has gone.`);
  return requireThere(now);
}

/** So many people are told about in one message: some tens of kilobytes, and one look for their rooms on each node. */
const PEOPLE_BATCH = 200;

/** Tells all nodes, and those who share a room with these people, that something about them has changed. It may be lost. */
export function tellAboutPeople(services: Services, { kind, users }: PeopleMessage): void {
  for (const batch of batchesOf(users, PEOPLE_BATCH)) {
    const message: PeopleMessage = { kind, users: batch };
    services.pubsub
      .publish(PEOPLE_TOPIC, JSON.stringify(message))
      .catch(() => services.logger.debug("a change of people was not published"));
  }
}

/** Hears what is told about people, on whichever node. The answer ends it. */
export function hearAboutPeople(
  { pubsub }: Services,
  hear: (message: PeopleMessage) => unknown,
): Promise<() => Promise<void>> {
  return pubsub.subscribe(PEOPLE_TOPIC, (text) => hear(peopleMessage.parse(JSON.parse(text))));
}
