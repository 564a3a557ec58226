import { stateProperty } from "../../test/state-property.js";
import { createWorld, openPostgresTestDatabase } from "../../test/world.js";

// On PostgreSQL what happens at once really does.
stateProperty(async () => createWorld({ database: await openPostgresTestDatabase() }), 5);
