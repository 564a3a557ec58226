import type { ChatEvent } from "./chat-events.graphql.js";

/** What has been told since somebody began to listen. */
export interface Listening {
  /**
   * Whether this was told of: by an event, or by a snapshot of everything that was begun meanwhile. Waits for one that
   * is being read.
   */
  readonly wasToldOf: (subject: string) => Promise<boolean>;
  readonly end: () => void;
}

/** Who hears of what reaches the cache by the stream: event by event, or everything at once as a snapshot. */
export class EventListeners {
  readonly #listeners = new Set<(event: ChatEvent) => void>();
  #snapshotsBegun = 0;
  #snapshot: PromiseWithResolvers<void> | null = null;

  /** Hears of each event as soon as it is applied; the answer ends that. */
  listen(listener: (event: ChatEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @param subjectOf what an event tells of, in the listener's own words; null when it is of no interest */
  listenFor(subjectOf: (event: ChatEvent) => string | null): Listening {
    const heard = new Set<string>();
    const snapshotsBefore = this.#snapshotsBegun;
    const end = this.listen((event) => {
      const subject = subjectOf(event);
      if (subject !== null) heard.add(subject);
    });
    const wasToldOf = async (subject: string): Promise<boolean> => {
      await this.#snapshot?.promise;
      return heard.has(subject) || this.#snapshotsBegun > snapshotsBefore;
    };
    return { wasToldOf, end };
  }

  /** An event was applied. */
  tell(event: ChatEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Everything is read afresh. What happened before that is in it; what happens afterwards comes as an event. */
  beginSnapshot(): void {
    this.#snapshotsBegun += 1;
    this.#snapshot ??= Promise.withResolvers();
  }

  /** The snapshot is there, or will never be. */
  endSnapshot(): void {
    this.#snapshot?.resolve();
    this.#snapshot = null;
  }
}
