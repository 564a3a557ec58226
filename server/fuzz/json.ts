/** JSON of anything; names such as `__proto__` stay what they are, and what JSON has no word for becomes null. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}
