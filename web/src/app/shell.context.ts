import { createContext, use } from "react";

/** What can be opened from anywhere in the shell. */
export type ShellDialog = "switcher" | "keys";

export interface ShellCommands {
  readonly open: (dialog: ShellDialog) => void;
}

/** What the panes know of the shell's rooms. */
export interface ShellOutlet {
  readonly hasRooms: boolean;
  readonly hasProject: boolean;
}

export const ShellContext = createContext<ShellCommands>({ open: () => undefined });

/** Opens what belongs to the shell. */
export function useShell(): ShellCommands {
  return use(ShellContext);
}
