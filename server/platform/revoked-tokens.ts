/** What is known of a token when it is asked whether it still counts. */
export interface TokenIdentity {
  /** Its `jti`. */
  readonly tokenId?: string | undefined;
  /** Whose it is, by the host product's id. */
  readonly hostId: string;
  /** Its `iat`. */
  readonly issuedAtMs?: number | undefined;
}

/** Tokens that do not count any more: a single one, or all of a person's that were issued before a moment. */
export type Revocation = (
  | { readonly tokenId: string }
  | { readonly hostId: string; readonly issuedBeforeMs: number }
) & {
  /** When the last token that it could concern has expired by itself. */
  readonly untilMs: number;
};

/** The revoked tokens as one node knows them, in memory: to ask costs no statement. */
export class RevokedTokens {
  private readonly untilById = new Map<string, number>();
  private readonly byPerson = new Map<string, { readonly issuedBeforeMs: number; readonly untilMs: number }>();
  private readonly listeners = new Set<() => void>();

  /** A token without `iat` can't be told to be newer, and counts as issued before. */
  has({ tokenId, hostId, issuedAtMs }: TokenIdentity): boolean {
    if (tokenId !== undefined && this.untilById.has(tokenId)) return true;
    const ofPerson = this.byPerson.get(hostId);
    return ofPerson !== undefined && (issuedAtMs === undefined || issuedAtMs < ofPerson.issuedBeforeMs);
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
    for (const [id, { untilMs }] of this.byPerson) if (untilMs < nowMs) this.byPerson.delete(id);
  }

  get size(): number {
    return this.untilById.size + this.byPerson.size;
  }

  /** Whether it says more than what was known. */
  private learn(revocation: Revocation): boolean {
    const { untilMs } = revocation;
    if ("tokenId" in revocation) {
      const known = this.untilById.get(revocation.tokenId);
      this.untilById.set(revocation.tokenId, Math.max(untilMs, known ?? 0));
      return known === undefined;
    }
    const { hostId, issuedBeforeMs } = revocation;
    const known = this.byPerson.get(hostId);
    if (known !== undefined && known.issuedBeforeMs >= issuedBeforeMs) return false;
    this.byPerson.set(hostId, { issuedBeforeMs, untilMs: Math.max(untilMs, known?.untilMs ?? 0) });
    return true;
  }
}
