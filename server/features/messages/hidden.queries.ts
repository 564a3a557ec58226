import type { SqlEntityManager } from "@mikro-orm/sql";
import type { CountedRefusal } from "../../platform/refusals.js";
import { jsonb, query, sql } from "../../platform/sql.js";

/**
 * Those of these refusals that are about something which exists, in a room that their actor is not in: with that room, and
 * the message, if it is about one or about a reaction.
 */
export async function hiddenOf(
  em: SqlEntityManager,
  refusals: readonly CountedRefusal[],
): Promise<readonly CountedRefusal[]> {
  const asked = refusals.map(({ actorId, subject }, n) => ({ ...subject, n, actorId }));
  const rows = await query<{ n: number; room_id: number; message_id: number | null }>(
    em,
    sql`select x.n, r.id as room_id, m.id as message_id from jsonb_to_recordset(${jsonb(asked)})
          as x(n int, "actorId" int, "roomId" int, "messageId" int, "participantId" int, "reactionId" int)
        left join message_reaction e on e.id = x."reactionId"
        left join chat_message m on m.id = coalesce(x."messageId", e.message_id)
        left join chat_participant c on c.id = x."participantId"
        join chat_room r on r.id = coalesce(m.room_id, c.room_id, x."roomId")
        where (x."messageId" is null or m.id is not null)
          and not exists (select 1 from chat_participant p where p.room_id = r.id and p.user_id = x."actorId") order by x.n`,
  );
  return rows.flatMap(({ n, room_id: roomId, message_id }) => {
    const refusal = refusals[n];
    const subject = message_id === null ? { roomId } : { roomId, messageId: message_id };
    return refusal === undefined ? [] : [{ ...refusal, subject }];
  });
}
