/** Runs one statement, however long it takes. */
export type RunLong = (text: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Indexes that cost more to keep up row by row than to make anew. */
const LATE_INDEXES = [
  "chat_message_search_index",
  "chat_message_parts_index",
  ...["room", "author", "things", "author_things"].map((of) => `chat_message_${of}_walk_index`),
];

/** Has very many messages written, indexes them then, and leaves the database as one that has had them for long. */
export async function indexingLate(run: RunLong, write: () => Promise<void>): Promise<void> {
  const late = await run(
    `select indexdef from pg_indexes where indexname in (${LATE_INDEXES.map((name) => `'${name}'`).join()})`,
  );
  await run(`drop index ${LATE_INDEXES.join()}`);
  await write();
  for (const { indexdef } of late) await run(String(indexdef));
  await run("vacuum analyze");
}
