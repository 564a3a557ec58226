import type { ChatEvent } from "./chat-events.graphql.js";
import type { EventStream } from "./event-stream.js";

/** A change that is asked for, and what its answer and events have to do with each other. */
export interface AskedChange<Answer> {
  readonly ask: () => Promise<Answer>;
  /** What an event tells of; null when an answer can't be about it. */
  readonly subjectOf: (event: ChatEvent) => string | null;
  /** What the answer tells of. */
  readonly subjectOfAnswer: (answer: Answer) => string;
  readonly write: (answer: Answer) => void;
}

/**
 * Asks for a change and writes its answer into the cache, unless an event that was applied meanwhile has told of the same, or
 * everything was begun to be read afresh. An answer has no place in the room's order: what the stream has told since it was
 * asked for is as new, or newer. It has to be asked for without the client's writing it by itself (`fetchPolicy: "no-cache"`).
 * Ends when what the change made is in the cache, or comes by the stream.
 * @throws what `ask` throws
 */
export async function writeUnlessTold<Answer>(
  stream: Pick<EventStream, "listenFor">,
  { ask, subjectOf, subjectOfAnswer, write }: AskedChange<Answer>,
): Promise<void> {
  const listening = stream.listenFor(subjectOf);
  try {
    const answer = await ask();
    if (!(await listening.wasToldOf(subjectOfAnswer(answer)))) write(answer);
  } finally {
    listening.end();
  }
}
