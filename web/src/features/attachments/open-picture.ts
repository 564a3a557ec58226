import { createStore } from "../../lib/store.js";

/** The message whose picture is looked at; null for none. */
export const openPicture = createStore<string | null>(null);
