import { createContext, use } from "react";

/** Which message of the open room is being edited; one at a time. */
export interface Editing {
  readonly messageId: string | null;
  readonly edit: (messageId: string | null) => void;
}

export const EditingContext = createContext<Editing>({ messageId: null, edit: () => undefined });

/** The open room's editing. */
export function useEditing(): Editing {
  return use(EditingContext);
}
