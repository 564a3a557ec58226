import type { ServerResponse } from "node:http";
import { brokenOff } from "../features/attachments/attachment.js";
import { DomainError } from "../platform/errors.js";
import type { UserId } from "../platform/ids.js";

const MAX_PER_PERSON = 4;
const RETRY_AFTER_MS = 2_000;

/**
 * The forms that are on their way to this node, by whom, over all transports. Each may keep a file on its disk before it
 * is known where that shall go: nobody can fill it with more than a few.
 */
export class UploadsUnderWay {
  private readonly byPerson = new Map<UserId, number>();

  /**
   * Counts one of somebody's until its answer has ended, or its connection.
   * @throws DomainError RATE_LIMITED when too many of theirs are under way, BAD_USER_INPUT when it has ended already
   */
  begin(id: UserId, answer: ServerResponse): void {
    if (answer.closed) throw brokenOff();
    const count = this.byPerson.get(id) ?? 0;
    if (count >= MAX_PER_PERSON) throw tooMany();
    this.byPerson.set(id, count + 1);
    answer.once("close", () => this.end(id));
  }

  private end(id: UserId): void {
    const left = (this.byPerson.get(id) ?? 0) - 1;
    if (left > 0) this.byPerson.set(id, left);
    else this.byPerson.delete(id);
  }
}

function tooMany(): DomainError {
  const words = `At most ${MAX_PER_PERSON} files of yours can be on their way at once. Wait until one has arrived.`;
  return new DomainError("RATE_LIMITED", words, { retryAfterMs: RETRY_AFTER_MS });
}
