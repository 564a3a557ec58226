import type pg from "pg";

/** A table with nothing but what must be there: a number, a place, a text and a time. */
export async function prepareStore(pool: pg.Pool): Promise<void> {
  await pool.query(`
    create table bench_floor (
      id serial primary key, room_id int not null, content text not null, created_at timestamptz not null default now())`);
}

/** One prepared insert, with nobody's rights checked and nothing counted. Resolves to the number of the row. */
export async function storeMessage(pool: pg.Pool, room: number, text: string): Promise<number> {
  const stored = await pool.query<{ id: number }>({
    name: "store",
    text: "insert into bench_floor (room_id, content) values ($1, $2) returning id",
    values: [room, text],
  });
  return stored.rows[0]?.id ?? 0;
}
