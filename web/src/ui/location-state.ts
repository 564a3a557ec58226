/** An entry of the history that a panel was opened by: closing the panel goes back. */
export const PANEL_OPENED = "panel-opened";
/** An entry that was asked to go to its message, also when it is the message that the address names already. */
export const JUMP = "jump";

/** What an entry hands on to the one that takes its place: where it came from, not what it was asked for. */
export function keptState(state: unknown): typeof PANEL_OPENED | null {
  return state === PANEL_OPENED ? state : null;
}
