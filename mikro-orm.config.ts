import { defineConfig } from "@mikro-orm/postgresql";
import { ormOptions } from "./server/platform/orm.js";
import { entities } from "./server/entities.js";
import { migrations } from "./server/migrations/migrations.js";
import { readConfig } from "./server/config.js";

/** What the MikroORM command line works with: `npm run db:new` and `npm run db:up`, on the database of `DATABASE_URL`. */
export default defineConfig({ ...ormOptions(entities, migrations), clientUrl: readConfig().database.url ?? "" });
