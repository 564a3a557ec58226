import { Migration } from "@mikro-orm/migrations";

/**
 * `feed_append_v1`: the one way into the log. It locks the stream, then (in fresh statements, which see what was
 * committed while it waited) checks membership and the idempotency key, takes the next number and writes the entry.
 * It knows nothing of chat's rules. A changed version is added beside this one as `_v2`, so that nodes of both
 * versions can run during a deploy.
 */
export class FeedAppend extends Migration {
  override up(): void {
    this.addSql(`
      create function feed_append_v1(
        p_stream text,
        p_kind text,
        p_actor int,
        p_payload jsonb,
        p_subject int default null,
        p_member_of int default null,
        p_key uuid default null,
        p_numbered boolean default false
      ) returns table (status text, epoch text, seq int, no int, at timestamptz, subject_id int)
      language plpgsql volatile as $$
      declare
        v_subject int := p_subject;
        v_stream feed_stream;
      begin
        if p_stream like 'u%' then
          -- A person's stream begins with its first event; a room's is opened with the room.
          insert into feed_stream (id) values (p_stream) on conflict do nothing;
        end if;
        perform 1 from feed_stream s where s.id = p_stream for update;
        if not found then
          return query select 'gone', null::text, null::int, null::int, null::timestamptz, null::int;
          return;
        end if;
        if p_member_of is not null and not exists (
          select 1 from chat_participant p where p.room_id = p_member_of and p.user_id = p_actor
        ) then
          return query select 'not_a_member', null::text, null::int, null::int, null::timestamptz, null::int;
          return;
        end if;
        if p_key is not null then
          select m.id into v_subject from chat_message m where m.user_id = p_actor and m.client_key = p_key;
          if found then
            return query select 'duplicate', null::text, null::int, null::int, null::timestamptz, v_subject;
            return;
          end if;
          v_subject := p_subject;
        end if;
        if p_numbered then
          v_subject := nextval('chat_message_id_seq');
        end if;
        update feed_stream s
          set last_seq = s.last_seq + 1,
              last_no = s.last_no + p_numbered::int,
              last_at = greatest(clock_timestamp(), s.last_at + interval '1 microsecond')
          where s.id = p_stream
          returning s.* into v_stream;
        insert into feed_entry (stream, seq, kind, actor_id, subject_id, payload, at)
          values (p_stream, v_stream.last_seq, p_kind, p_actor, v_subject,
                  case when p_numbered then p_payload || jsonb_build_object('no', v_stream.last_no) else p_payload end,
                  v_stream.last_at);
        return query select 'appended',
          (select o.epoch from feed_origin o where o.id = 1) || '.' || v_stream.epoch,
          v_stream.last_seq, v_stream.last_no, v_stream.last_at, v_subject;
      end
      $$;
    `);
  }
}
