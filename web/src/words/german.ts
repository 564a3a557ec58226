import antd from "antd/es/locale/de_DE.js";
import catalogue from "./de.json" with { type: "json" };
import { parseCatalogue, type Words } from "./words.js";

/** German: loaded by those who read it. */
export const german: Words = { messages: parseCatalogue(catalogue), antd };
