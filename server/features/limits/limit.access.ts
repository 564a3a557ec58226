import { DomainError } from "../../platform/errors.js";
import type { Scope, Services } from "../../platform/scope.js";
import { toCounted, verbCounts, type Count, type LimitedVerb } from "./limit.js";

/** Who acts, and what counts them. */
type Acting = Pick<Scope, "actor" | "services">;

/**
 * Counts one call of a verb, over all transports and nodes. Asked for when the input has been parsed and before anything
 * is read or written.
 * @throws DomainError RATE_LIMITED with `retryAfterMs`
 */
export async function requireRate({ actor, services }: Acting, verb: LimitedVerb): Promise<void> {
  await requireCount(services, verbCounts[verb], actor.id);
}

/** As {@link requireRate}, for what may be left out instead of refused. */
export async function hasRate({ actor, services }: Acting, verb: LimitedVerb): Promise<boolean> {
  return (await services.limiter.take(actor.id, toCounted(verbCounts[verb]))) === 0;
}

/**
 * Counts a log-in: of who logs in nothing is known but where they are.
 * @param network whom their address belongs to
 * @throws DomainError RATE_LIMITED with `retryAfterMs`
 */
export async function requireLoginRate(services: Pick<Services, "limiter">, network: string): Promise<void> {
  await requireCount(services, ["demoLogins"], network);
}

async function requireCount(
  { limiter }: Pick<Services, "limiter">,
  counts: readonly Count[],
  subject: string | number,
): Promise<void> {
  const retryAfterMs = await limiter.take(subject, toCounted(counts));
  if (retryAfterMs === 0) return;
  const seconds = Math.ceil(retryAfterMs / 1_000);
  // Django REST framework's own words, which clients of its API may know.
  const words = `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? "" : "s"}.`;
  throw new DomainError("RATE_LIMITED", words, { retryAfterMs });
}
