/** A count as a badge shows it: two figures fit. */
export function badgeText(count: number): string {
  return count > 99 ? "99+" : String(count);
}
