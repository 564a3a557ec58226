import { DomainError } from "../../platform/errors.js";
import type { UserId } from "../../platform/ids.js";
import { parseInput } from "../../platform/input.js";
import type { Scope } from "../../platform/scope.js";
import { queryOne, sql } from "../../platform/sql.js";
import { usersByIds } from "../directory/directory.queries.js";
import { commit } from "../feed/feed.actions.js";
import { roomStream } from "../feed/stream.js";
import { requireRate } from "../limits/limit.access.js";
import { requireMessage, requireNamed } from "../messages/message.access.js";
import { causeOf, type MessageId, type MessageRef } from "../messages/message.js";
import { countsOn, reactionColumns, toReaction, type ReactionRow } from "./reaction.queries.js";
import { emoji as emojiSchema, MAX_DISTINCT_EMOJI, type Reaction } from "./reaction.js";

export interface ReactionInput extends MessageRef {
  readonly emoji: string;
}

/**
 * Puts an emoji on a message; doing so twice leaves one.
 * @returns the reaction, and whether it is new
 * @throws DomainError NOT_FOUND, BAD_USER_INPUT (emoji, clientMutationId), CONFLICT (too many different ones), RATE_LIMITED
 */
export async function addReaction(scope: Scope, input: ReactionInput): Promise<{ reaction: Reaction; added: boolean }> {
  const { actor } = scope;
  const emoji = parseInput(emojiSchema, input.emoji, "emoji");
  const cause = causeOf(actor.id, input);
  await requireRate(scope, "addReaction");
  const { id, roomId } = await requireNamed(scope.em, actor.id, input);
  return commit(scope, async ({ tx, lock, emit }) => {
    await lock(roomStream(roomId));
    await requireMessage(tx, actor.id, id);
    const before = await findReaction(tx, id, actor.id, emoji);
    if (before !== undefined) return { reaction: before, added: false };
    const counts = await countsOn(tx, id);
    const known = counts.find((group) => group.emoji === emoji);
    if (known === undefined && counts.length >= MAX_DISTINCT_EMOJI) {
      throw new DomainError("CONFLICT", `A message can have at most ${MAX_DISTINCT_EMOJI} different reactions.`);
    }
    const row = await queryOne<ReactionRow>(
      tx,
      sql`insert into message_reaction as x (message_id, user_id, emoji, created_at)
          values (${id}, ${actor.id}, ${emoji}, clock_timestamp()) returning ${reactionColumns}`,
    );
    if (row === undefined) throw new Error("The reaction was not stored.");
    const reaction = toReaction(row);
    const event = {
      kind: "reaction_added",
      roomId,
      reaction,
      group: { emoji, count: (known?.count ?? 0) + 1 },
      ...cause,
    } as const;
    await emit({
      stream: roomStream(roomId),
      event,
      actorId: actor.id,
      snapshots: { users: await usersByIds(tx, [actor.id]), messages: [] },
    });
    return { reaction, added: true };
  });
}

/**
 * Takes one's own emoji off a message; there need not be one.
 * @returns what is not there any more, and whether it was
 * @throws DomainError NOT_FOUND, BAD_USER_INPUT (emoji, clientMutationId), RATE_LIMITED
 */
export async function removeReaction(
  scope: Scope,
  input: ReactionInput,
): Promise<{ messageId: MessageId; emoji: string; removed: boolean }> {
  const { actor } = scope;
  const emoji = parseInput(emojiSchema, input.emoji, "emoji");
  const cause = causeOf(actor.id, input);
  await requireRate(scope, "removeReaction");
  const { id, roomId } = await requireNamed(scope.em, actor.id, input);
  return commit(scope, async ({ tx, lock, emit }) => {
    await lock(roomStream(roomId));
    await requireMessage(tx, actor.id, id);
    const row = await queryOne<ReactionRow>(
      tx,
      sql`delete from message_reaction as x where x.message_id = ${id} and x.user_id = ${actor.id} and x.emoji = ${emoji} returning ${reactionColumns}`,
    );
    if (row !== undefined) {
      const left = (await countsOn(tx, id)).find((group) => group.emoji === emoji)?.count ?? 0;
      const event = {
        kind: "reaction_removed",
        roomId,
        reaction: toReaction(row),
        group: { emoji, count: left },
        ...cause,
      } as const;
      await emit({
        stream: roomStream(roomId),
        event,
        actorId: actor.id,
        snapshots: { users: await usersByIds(tx, [actor.id]), messages: [] },
      });
    }
    return { messageId: id, emoji, removed: row !== undefined };
  });
}

async function findReaction(
  tx: Scope["em"],
  messageId: MessageId,
  userId: UserId,
  emoji: string,
): Promise<Reaction | undefined> {
  const row = await queryOne<ReactionRow>(
    tx,
    sql`select ${reactionColumns} from message_reaction x where x.message_id = ${messageId} and x.user_id = ${userId} and x.emoji = ${emoji}`,
  );
  return row && toReaction(row);
}
