import { jest } from "@jest/globals";
import { setImmediate } from "node:timers";
import type { OutboxFile, OutboxMessage } from "../lib/outbox-entry.js";
import type { SendWatch } from "../lib/outbox-sender.js";
import { createMemoryStorage, type OutboxStorage } from "../lib/outbox-storage.js";
import type { OutboxTabs } from "../lib/outbox-tabs.js";
import { Outbox } from "../lib/outbox.js";
import type { SendingNotes } from "../lib/sending-notes.js";

interface Call {
  readonly message: OutboxMessage;
  readonly watch: SendWatch;
  /** Succeeds, and leaves the clock alone. */
  readonly store: () => Promise<void>;
  readonly succeed: () => Promise<void>;
  /** As a server that takes another version's documents. */
  readonly refuseVersion: () => Promise<void>;
  readonly fail: (code: string, retryAfterMs?: number) => Promise<void>;
}

/** Lets everything happen that needs no time. The database answers in tasks of its own, which are not the clock's. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    await jest.advanceTimersByTimeAsync(0);
  }
}

/** What somebody sends beside some words. */
export const FILE: OutboxFile = {
  name: "plan.txt",
  contentType: "text/plain",
  blob: new Blob(["the plan"]),
  width: null,
  height: null,
};

let lastKey = 0;

/** Keys from `key1` on, and a clock that the test moves; the database’s own tasks go on. */
export function useClock(): void {
  lastKey = 0;
  jest.useFakeTimers({ doNotFake: ["setImmediate", "queueMicrotask", "nextTick"] });
}

interface Parts {
  readonly storage?: OutboxStorage;
  readonly tabs?: OutboxTabs;
  readonly notes?: SendingNotes;
  readonly userId?: string;
}

/** An outbox whose sends are answered by the test. */
export function createOutbox({ storage = createMemoryStorage(), tabs, notes, userId = "1" }: Parts = {}) {
  const calls: Call[] = [];
  const settled = async (act: () => void): Promise<void> => {
    act();
    await settle();
  };
  const outbox = new Outbox({
    userId,
    storage,
    ...(tabs ? { tabs } : {}),
    ...(notes ? { notes } : {}),
    newId: () => `key${++lastKey}`,
    send: (message, watch) =>
      new Promise((resolve, reject) => {
        watch.signal.addEventListener("abort", () => reject(watch.signal.reason));
        calls.push({
          message,
          watch,
          store: () => settled(resolve),
          succeed: async () => {
            await settled(resolve);
            // It is shown a moment longer, until the feed has the message.
            await jest.advanceTimersByTimeAsync(1_000);
          },
          refuseVersion: () =>
            settled(() => reject({ errors: [{ extensions: { code: "BAD_USER_INPUT", field: "documentId" } }] })),
          fail: (code, retryAfterMs) =>
            settled(() =>
              reject(code === "NETWORK" ? new TypeError("Failed to fetch") : { extensions: { code, retryAfterMs } }),
            ),
        });
      }),
  });
  const add = async (roomId: string, content: string, file: OutboxFile | null = null) => {
    void outbox.add(roomId, content, file && { file });
    await settle();
  };
  const sent = (): string[] => calls.map(({ message }) => `${message.clientMutationId} ${message.content}`);
  const states = (): string[] => outbox.entries.get().map(({ content, state }) => `${content} ${state}`);
  return { outbox, add, calls, sent, states };
}
