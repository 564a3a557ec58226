import { buildOrExit } from "./build.mjs";

// `npm run db:new -- add-room-topic`: writes a migration with what the entities have and the migrations so far have
// not. It compares on an empty embedded database in memory, so it needs no server and touches no data.
await buildOrExit(["server"]);
const [{ openDatabase, migrate }, { entities }, { migrations }] = await Promise.all([
  import("../dist/server/platform/orm.js"),
  import("../dist/server/entities.js"),
  import("../dist/server/migrations/migrations.js"),
]);

const database = await openDatabase({ entities, migrations });
try {
  await migrate(database, migrations);
  const { fileName, diff } = await database.orm.migrator.create(undefined, false, false, process.argv[2]);
  if (diff.up.length === 0) console.log("The migrations already say all that the entities do.");
  else console.log(`Wrote server/migrations/${fileName}: read it, then list it in server/migrations/migrations.ts.`);
} finally {
  await database.close();
}
