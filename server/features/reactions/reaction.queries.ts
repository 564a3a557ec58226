import type { SqlEntityManager } from "@mikro-orm/sql";
import type { UserId } from "../../platform/ids.js";
import { intArray, query, sql, type RawBuilder } from "../../platform/sql.js";
import { toIsoTime } from "../../platform/time.js";
import type { User } from "../directory/directory.js";
import { withPeople, type Found } from "../directory/people.queries.js";
import type { MessageId } from "../messages/message.js";
import { historiesWith, type Histories, type historiesOf } from "../messages/message.queries.js";
import type { Reaction, ReactionCount, ReactionId } from "./reaction.js";

export interface ReactionRow {
  readonly id: ReactionId;
  readonly message_id: MessageId;
  readonly user_id: UserId;
  readonly emoji: string;
  readonly created_at: Date | string;
}

export const reactionColumns = sql`x.id, x.message_id, x.user_id, x.emoji, x.created_at`;

export function toReaction(row: ReactionRow): Reaction {
  return {
    id: row.id,
    messageId: row.message_id,
    userId: row.user_id,
    emoji: row.emoji,
    createdAt: toIsoTime(row.created_at),
  };
}

/** As they are read by {@link withPeople}. */
const reactionsFrom = (select: RawBuilder<unknown>): Found<ReactionRow> => ({
  select,
  columns: { id: true, message_id: true, user_id: true, emoji: true, created_at: true },
  order: sql`f.id`,
});

/** The reactions to these messages, in order, as far as the viewer is in their rooms now, and who reacted. */
export async function reactionsOf(
  em: SqlEntityManager,
  viewerId: UserId,
  messageIds: readonly MessageId[],
): Promise<{ readonly reactions: readonly Reaction[]; readonly users: readonly User[] }> {
  if (messageIds.length === 0) return { reactions: [], users: [] };
  const { rows, users } = await readReactions(em, { viewerId, messageIds });
  return { reactions: rows.map(toReaction), users };
}

const readReactions = withPeople<{ readonly viewerId: UserId; readonly messageIds: readonly MessageId[] }, ReactionRow>(
  ({ viewerId, messageIds }) =>
    reactionsFrom(
      // From the messages on: they are few, and of one room mostly.
      sql`select ${reactionColumns} from (select distinct unnest(${messageIds}::int[]) as id) w join chat_message m on m.id = w.id
        join chat_participant p on p.room_id = m.room_id and p.user_id = ${viewerId}
        join message_reaction x on x.message_id = m.id`,
    ),
);

/** Parts of histories as {@link historiesOf} reads them, and all reactions to their messages, in order, in one statement. */
export async function historiesWithReactions(...wanted: Parameters<typeof historiesOf>): Promise<Histories<Reaction>> {
  const histories = await readHistories(...wanted);
  return { ...histories, beside: histories.beside.map(toReaction) };
}

const readHistories = historiesWith(
  reactionsFrom(
    sql`select ${reactionColumns} from message_reaction x where x.message_id = any(array(select id from found))`,
  ),
);

/** The reactions on a message, in order. For events whose readers were already authorised. */
export async function reactionsOn(em: SqlEntityManager, messageId: MessageId): Promise<readonly Reaction[]> {
  const rows = await query<ReactionRow>(
    em,
    sql`select ${reactionColumns} from message_reaction x where x.message_id = ${messageId} order by x.id`,
  );
  return rows.map(toReaction);
}

/** Reactions by their own numbers, as far as the viewer is in the room. */
export async function viewedReactions(
  em: SqlEntityManager,
  viewerId: UserId,
  ids: readonly ReactionId[],
): Promise<readonly Reaction[]> {
  if (ids.length === 0) return [];
  const rows = await query<ReactionRow>(
    em,
    sql`select ${reactionColumns} from message_reaction x
        join chat_message m on m.id = x.message_id join chat_participant p on p.room_id = m.room_id and p.user_id = ${viewerId}
        where x.id = any(${intArray(ids)})`,
  );
  return rows.map(toReaction);
}

/** How often each emoji stands on the message, in order of first use. */
export async function countsOn(em: SqlEntityManager, messageId: MessageId): Promise<readonly ReactionCount[]> {
  return query<ReactionCount>(
    em,
    sql`select emoji, count(*)::int as count from message_reaction where message_id = ${messageId} group by emoji order by min(id)`,
  );
}
