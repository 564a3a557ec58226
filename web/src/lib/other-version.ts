import { createStore } from "./store.js";

const refused = new Set<string>();

/**
 * Whether the server has told that this page is of another version than it takes: some of what the page asks is not
 * executed any more. Only a reload helps, unless the server becomes what it was.
 */
export const otherVersion = createStore(false);

/** Notes of one of this page's documents whether the server takes it: what it has refused it may take again. */
export function noteTaken(document: string, isTaken: boolean): void {
  if (isTaken) refused.delete(document);
  else refused.add(document);
  otherVersion.set(refused.size > 0);
}
