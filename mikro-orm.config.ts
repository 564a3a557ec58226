import { defineConfig } from "@mikro-orm/postgresql";
import { ormOptions } from "./server/platform/orm.js";
import { entities } from "./server/entities.js";
import { migrations } from "./server/migrations/migrations.js";
import { readDatabaseUrl } from "./server/config.js";

/** What the MikroORM command line works with (`npx mikro-orm debug --config dist/mikro-orm.config.js`), on the database of `DATABASE_URL`. */
export default defineConfig({ ...ormOptions(entities, migrations), clientUrl: readDatabaseUrl() ?? "" });
