import { describe } from "@jest/globals";
import { searchCorpus } from "../../test/search-corpus.js";
import { searchFiles } from "../../test/search-files.js";
import { searchFilters } from "../../test/search-filters.js";
import { createWorld } from "../../test/world.js";

describe("a search", () => {
  searchCorpus(createWorld);
});

describe("a search for files", () => {
  searchFiles(createWorld);
});

describe("a search by filters alone", () => {
  searchFilters(createWorld);
});
