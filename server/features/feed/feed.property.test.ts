import { feedProperty } from "../../test/feed-property.js";
import { createWorld } from "../../test/world.js";

feedProperty(createWorld, 12);
