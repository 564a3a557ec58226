/** So many of one's own pictures are kept for the moment between sending and seeing the stored one. */
const KEPT = 20;

const urls = new Map<string, string>();

/** Keeps a picture that one has just sent, to be shown until its stored one has come from the server. */
export function keepLocalPicture(messageId: string, blob: Blob): void {
  if (urls.has(messageId)) return;
  urls.set(messageId, URL.createObjectURL(blob));
  const [oldest] = urls;
  if (urls.size <= KEPT || !oldest) return;
  urls.delete(oldest[0]);
  URL.revokeObjectURL(oldest[1]);
}

/** The address, in this page alone, of a picture that one has just sent. */
export function localPicture(messageId: string): string | null {
  return urls.get(messageId) ?? null;
}
