/**
 * The system's code of an error (`ENOENT`), if it has one. Asks for the property and not for the class: Node's own
 * errors are of another realm than a test's `Error`.
 */
export function errorCode(error: unknown): string | undefined {
  const hasCode = typeof error === "object" && error !== null && "code" in error;
  return hasCode && typeof error.code === "string" ? error.code : undefined;
}
