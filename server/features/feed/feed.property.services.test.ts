import { feedProperty } from "../../test/feed-property.js";
import { createWorld, openPostgresTestDatabase } from "../../test/world.js";

// On PostgreSQL what happens at once really does.
feedProperty(async () => createWorld({ database: await openPostgresTestDatabase() }), 12);
