import { searchCorpus } from "../../test/search-corpus.js";
import { createWorld, openPostgresTestDatabase } from "../../test/world.js";

searchCorpus(async () => createWorld({ database: await openPostgresTestDatabase() }));
