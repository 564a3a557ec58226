import { keysOfTexts, readText, writeText } from "./kept-texts.js";
import type { KeptEntry, OutboxMessage } from "./outbox-entry.js";

/**
 * What was sent and is not in the storage yet, noted where that is done before anything else can happen: a page that goes
 * away at once leaves it to the next one.
 */
export interface SendingNotes {
  readonly write: (message: OutboxMessage) => void;
  /** Forgets a note, if there is one. */
  readonly forget: (clientMutationId: string) => void;
  /** What other pages have noted and not forgotten, in the order of its time, as it is to be kept. */
  readonly left: () => readonly KeptEntry[];
}

/** Notes nothing. */
export const noNotes: SendingNotes = { write: () => undefined, forget: () => undefined, left: () => [] };

/** An ISO time has always as many characters. */
const TIME_LENGTH = new Date(0).toISOString().length;

/** Notes a user's texts in `localStorage`, each beside its time under `parley.sending.<user>.<room>.<clientMutationId>`. */
export function createSendingNotes(userId: string): SendingNotes {
  const prefix = `parley.sending.${userId}.`;
  const keys = new Map<string, string>();
  return {
    write: ({ clientMutationId, roomId, content, createdAt }) => {
      const key = `${prefix}${roomId}.${clientMutationId}`;
      keys.set(clientMutationId, key);
      writeText(key, `${createdAt} ${content}`);
    },
    forget: (clientMutationId) => {
      const key = keys.get(clientMutationId);
      if (key === undefined) return;
      keys.delete(clientMutationId);
      writeText(key, null);
    },
    left: () => {
      const entries = keysOfTexts(prefix).map((key) => {
        const [roomId = "", clientMutationId = ""] = key.slice(prefix.length).split(".");
        keys.set(clientMutationId, key);
        const note = readText(key) ?? "";
        const [createdAt, content] = [note.slice(0, TIME_LENGTH), note.slice(TIME_LENGTH + 1)];
        return { clientMutationId, roomId, content, file: null, createdAt, reason: null, isKept: true };
      });
      return entries.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
    },
  };
}
