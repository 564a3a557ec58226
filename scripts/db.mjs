import { TSMigrationGenerator } from "@mikro-orm/migrations";
import { buildOrExit } from "./build.mjs";

// `npm run db:new -- add-room-topic` writes a migration with what the entities have and the migrations so far have not.
// It compares on an empty embedded database in memory, so it needs no server and touches no data.
// `npm run db:up` migrates the PostgreSQL of DATABASE_URL, as a starting server would, and needs no other setting.

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const COMMANDS = { new: writeMigration, up: migrateUp };

async function writeMigration([name = ""]) {
  if (!NAME.test(name)) return fail("Say what it does, in lower case with hyphens: npm run db:new -- add-room-topic");
  const { database, migrations, migrate } = await open();
  try {
    const { config } = database.orm;
    const fileName = (timestamp) => `${timestamp}-${name}`;
    config.set("migrations", { ...config.get("migrations"), fileName, generator: ForwardGenerator });
    await migrate(database, migrations);
    const written = await database.orm.migrator.create(undefined, false, false, name);
    if (written.diff.up.length === 0) console.log("Nothing to write: the migrations say all that the entities do.");
    else console.log(`Wrote server/migrations/${written.fileName}. Read it, then list it in migrations.ts.`);
  } finally {
    await database.close();
  }
}

async function migrateUp() {
  await buildOrExit(["server"]);
  const { readDatabaseUrl } = await import("../dist/server/config.js");
  const url = readDatabaseUrl();
  if (!url) return fail("Set DATABASE_URL. The embedded database is migrated by the server that opens it.");
  const { database, migrations, migrate } = await open(url);
  try {
    const before = (await database.orm.migrator.getExecuted()).length;
    await migrate(database, migrations);
    console.log(`${migrations.length - before} migrations run, ${migrations.length} in all.`);
  } finally {
    await database.close();
  }
}

async function open(url) {
  await buildOrExit(["server"]);
  const [{ openDatabase }, { migrate }, { entities }, { migrations }] = await Promise.all([
    import("../dist/server/platform/orm.js"),
    import("../dist/server/platform/migrate.js"),
    import("../dist/server/entities.js"),
    import("../dist/server/migrations/migrations.js"),
  ]);
  return { database: await openDatabase({ url, entities, migrations }), migrations, migrate };
}

/** Forward only, and in the shape of the migrations that are there. */
class ForwardGenerator extends TSMigrationGenerator {
  generateMigrationFile(migrationName, { up }) {
    const className = migrationName
      .replace(/^Migration\d+_/, "")
      .replace(/(^|[-_])(\w)/g, (_all, _gap, letter) => letter.toUpperCase());
    const statements = up.map((sql) => this.createStatement(sql, 4)).join("");
    return `import { Migration } from "@mikro-orm/migrations";\n\nexport class ${className} extends Migration {\n  override up(): void {\n${statements}  }\n}\n`;
  }
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}

const [command, ...args] = process.argv.slice(2);
if (Object.hasOwn(COMMANDS, command)) await COMMANDS[command](args).catch((error) => fail(error.message));
else fail("Usage: npm run db:new -- NAME, or npm run db:up");
