/** So many of one's own pictures are kept: those on their way, and the last that were stored. */
const KEPT = 60;

const urls = new Map<string, string>();

/**
 * The address, in this page alone, of a picture that is on its way; it is kept a while longer, to be shown until the
 * stored one has come from the server.
 */
export function keepLocalPicture(clientMutationId: string, blob: Blob): string {
  const known = urls.get(clientMutationId);
  if (known) return known;
  const url = URL.createObjectURL(blob);
  urls.set(clientMutationId, url);
  const [oldest] = urls;
  if (urls.size > KEPT && oldest) {
    urls.delete(oldest[0]);
    URL.revokeObjectURL(oldest[1]);
  }
  return url;
}

/** Where a picture that was sent from this page still is; null for any other. */
export function localPicture(clientMutationId: string | null): string | null {
  return clientMutationId === null ? null : (urls.get(clientMutationId) ?? null);
}
