/** Where a location that needs a session keeps the way back. */
export interface LoginState {
  readonly from: string;
}

/** The way back out of a location's state; only ever a place in this client. */
export function parseLoginState(state: unknown): string {
  const from = typeof state === "object" && state !== null && "from" in state ? state.from : null;
  return typeof from === "string" && from.startsWith("/") && !from.startsWith("//") ? from : "/";
}
