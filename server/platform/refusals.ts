import { DomainError, type ErrorCode, type Subject } from "./errors.js";
import type { UserId } from "./ids.js";
import { networkOf } from "./address.js";
import type { Clock, IsoTime } from "./time.js";
import type { Via } from "./via.js";

/** Somebody was refused: a person, the host product, or a stranger. */
export interface Refused {
  readonly actorId: UserId | null;
  readonly isHost: boolean;
  readonly via: Via;
  readonly code: ErrorCode;
  /** What it was about; empty where that is nothing in particular. */
  readonly subject: Subject;
  /** In words, where the code does not say it. */
  readonly reason?: string | undefined;
}

/** The same refusal, as often as it came in a minute; with the way of the first. */
export interface CountedRefusal extends Refused {
  readonly at: IsoTime;
  readonly count: number;
}

/** So many different things of one actor are told apart in a minute; the others are one for each code. */
const MAX_SUBJECTS = 5;
/** So many lines are kept of a minute, whoever causes them; the others are one for each code. */
const MAX_LINES = 60;

/**
 * Counts what is refused, in memory, until it is taken. What strangers can cause does not grow with how often they try:
 * neither here nor where it is written down.
 */
export class Refusals {
  private lines = new Map<string, CountedRefusal>();
  private readonly subjectsOf = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  note(refused: Refused): void {
    this.add({ ...refused, at: this.clock.now().toISOString(), count: 1 });
  }

  /** Keeps what was taken and could not be written down, beside what has come since: no more of both than of one. */
  putBack(lines: readonly CountedRefusal[]): void {
    for (const line of lines) this.add(line);
  }

  private add(refused: CountedRefusal): void {
    const { actorId, isHost, via, code, subject, reason } = refused;
    const actor = actorId === null ? (isHost ? "host" : `at ${networkOf(via.address)}`) : `person ${actorId}`;
    const key = JSON.stringify([actor, code, subject, reason]);
    if (this.count(key, refused)) return;
    const subjects = this.subjectsOf.get(actor) ?? 0;
    if (this.lines.size >= MAX_LINES)
      return this.countOrBegin(`all others: ${code}`, { ...refused, ...NOBODY, subject: {} });
    if (subjects >= MAX_SUBJECTS) return this.countOrBegin(`others of ${actor}: ${code}`, { ...refused, subject: {} });
    this.subjectsOf.set(actor, subjects + 1);
    this.countOrBegin(key, refused);
  }

  /** What was refused since the last time; and begins anew. */
  take(): readonly CountedRefusal[] {
    const lines = [...this.lines.values()];
    this.lines = new Map();
    this.subjectsOf.clear();
    return lines;
  }

  private count(key: string, { count, at }: CountedRefusal): boolean {
    const known = this.lines.get(key);
    if (known === undefined) return false;
    this.lines.set(key, { ...known, count: known.count + count, at: at < known.at ? at : known.at });
    return true;
  }

  private countOrBegin(key: string, refused: CountedRefusal): void {
    if (!this.count(key, refused)) this.lines.set(key, refused);
  }
}

const NOBODY = { actorId: null, isHost: false } as const;

/** Notes an error if it refuses access: FORBIDDEN, or NOT_FOUND of something that there may be. */
export function noteRefusal(
  refusals: Refusals,
  who: Pick<Refused, "actorId" | "isHost" | "via">,
  error: unknown,
): void {
  if (!(error instanceof DomainError)) return;
  const { code, subject } = error;
  if (code === "FORBIDDEN" || (code === "NOT_FOUND" && Object.keys(subject).length > 0))
    refusals.note({ ...who, code, subject });
}

/** As much of a scope as this needs. */
interface Asking {
  readonly actor: { readonly id: UserId };
  readonly via: Via;
  readonly services: { readonly refusals: Refusals };
}

/** The same for what a person is shown nothing of instead of an error. */
export function noteHidden({ actor, via, services }: Asking, refusal: DomainError): void {
  noteRefusal(services.refusals, { actorId: actor.id, isHost: false, via }, refusal);
}
