import { TSMigrationGenerator } from "@mikro-orm/migrations";
import { buildOrExit } from "./build.mjs";

// `npm run db:new -- add-room-topic`: writes a migration with what the entities have and the migrations so far have
// not. It compares on an empty embedded database in memory, so it needs no server and touches no data.

const name = process.argv[2];
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name ?? "")) {
  console.error("Say what the migration does, in lower case with hyphens: npm run db:new -- add-room-topic");
  process.exit(1);
}
const className = name.replace(/(^|-)(\w)/g, (_match, _hyphen, letter) => letter.toUpperCase());

/** Forward only, and in the shape of the migrations that are there. */
class ForwardGenerator extends TSMigrationGenerator {
  generateMigrationFile(_className, { up }) {
    const statements = up.map((sql) => this.createStatement(sql, 4)).join("");
    return `import { Migration } from "@mikro-orm/migrations";\n\nexport class ${className} extends Migration {\n  override up(): void {\n${statements}  }\n}\n`;
  }
}

await buildOrExit(["server"]);
const [{ openDatabase, migrate }, { entities }, { migrations }] = await Promise.all([
  import("../dist/server/platform/orm.js"),
  import("../dist/server/entities.js"),
  import("../dist/server/migrations/migrations.js"),
]);

const database = await openDatabase({ entities, migrations });
try {
  const { config } = database.orm;
  const fileName = (timestamp) => `${timestamp}-${name}`;
  config.set("migrations", { ...config.get("migrations"), fileName, generator: ForwardGenerator });
  // Functions are written in migrations by hand: no entity speaks of them.
  config.set("schemaGenerator", { ...config.get("schemaGenerator"), ignoreRoutines: true });
  await migrate(database, migrations);
  const created = await database.orm.migrator.create(undefined, false, false, name);
  if (created.diff.up.length === 0)
    console.log("Nothing to write: the migrations already say all that the entities do.");
  else
    console.log(
      `Wrote server/migrations/${created.fileName}. Read it, then list it in server/migrations/migrations.ts.`,
    );
} finally {
  await database.close();
}
