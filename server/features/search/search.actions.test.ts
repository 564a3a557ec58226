import { searchCorpus } from "../../test/search-corpus.js";
import { createWorld } from "../../test/world.js";

searchCorpus(createWorld);
