import { describe } from "@jest/globals";
import { searchCorpus } from "../../test/search-corpus.js";
import { searchFiles } from "../../test/search-files.js";
import { searchFilters } from "../../test/search-filters.js";
import { createWorld, openPostgresTestDatabase } from "../../test/world.js";

const open = async () => createWorld({ database: await openPostgresTestDatabase() });

describe("a search", () => {
  searchCorpus(open);
});

describe("a search for files", () => {
  searchFiles(open);
});

describe("a search by filters alone", () => {
  searchFilters(open);
});
