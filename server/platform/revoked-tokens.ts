/** What is known of a token when it is asked whether it still counts. */
export interface TokenIdentity {
  /** Its `jti`. */
  readonly tokenId?: string | undefined;
  /** Whose it is, by the host product's id. */
  readonly hostId: string;
  /** Its `iat`. */
  readonly issuedAtMs?: number | undefined;
}

/**
 * Tokens that do not count any more: a single one until it has expired by itself; or all of a person's that were issued
 * before a moment, for good: of those without `iat` nobody can tell that none is left.
 */
export type Revocation =
  | { readonly tokenId: string; readonly untilMs: number }
  | { readonly hostId: string; readonly issuedBeforeMs: number };

/** The revoked tokens as one node knows them, in memory: to ask costs no statement. */
export class RevokedTokens {
  private readonly untilById = new Map<string, number>();
  private readonly issuedBeforeMs = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  /** A token without `iat` can't be told to be newer, and counts as issued before. */
  has({ tokenId, hostId, issuedAtMs }: TokenIdentity): boolean {
    if (tokenId !== undefined && this.untilById.has(tokenId)) return true;
    const issuedBeforeMs = this.issuedBeforeMs.get(hostId);
    return issuedBeforeMs !== undefined && (issuedAtMs === undefined || issuedAtMs < issuedBeforeMs);
  }

  /** Learns of these; who listens is called once if any of them is news. */
  add(revocations: readonly Revocation[]): void {
    const news = revocations.filter((revocation) => this.learn(revocation));
    if (news.length > 0) for (const hear of this.listeners) hear();
  }

  /** Calls back when more tokens have been revoked. The answer ends it. */
  onAdded(hear: () => void): () => void {
    this.listeners.add(hear);
    return () => void this.listeners.delete(hear);
  }

  /** Lets go of those that have expired by themselves. */
  forget(nowMs: number): void {
    for (const [id, untilMs] of this.untilById) if (untilMs < nowMs) this.untilById.delete(id);
  }

  get size(): number {
    return this.untilById.size + this.issuedBeforeMs.size;
  }

  /** Whether it says more than what was known. */
  private learn(revocation: Revocation): boolean {
    if ("tokenId" in revocation) {
      const known = this.untilById.get(revocation.tokenId);
      this.untilById.set(revocation.tokenId, Math.max(revocation.untilMs, known ?? 0));
      return known === undefined;
    }
    const { hostId, issuedBeforeMs } = revocation;
    const known = this.issuedBeforeMs.get(hostId);
    if (known !== undefined && known >= issuedBeforeMs) return false;
    this.issuedBeforeMs.set(hostId, issuedBeforeMs);
    return true;
  }
}
