import { stateProperty } from "../../test/state-property.js";
import { createWorld } from "../../test/world.js";

stateProperty(createWorld, 5);
