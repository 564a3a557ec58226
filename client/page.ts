interface Listening {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/** What a browser's window has and Node has not. */
interface Page extends Listening {
  readonly document: Listening & { readonly visibilityState: string };
}

/** Calls back when the network has come back, and when the page is looked at again. Outside of browsers never. */
export function onReturn(callback: () => void, scope: unknown = globalThis): () => void {
  const page = parsePage(scope);
  if (page === undefined) return () => {};
  const onVisible = (): void => {
    if (page.document.visibilityState === "visible") callback();
  };
  page.addEventListener("online", callback);
  page.document.addEventListener("visibilitychange", onVisible);
  return () => {
    page.removeEventListener("online", callback);
    page.document.removeEventListener("visibilitychange", onVisible);
  };
}

/** The origin of this page; empty outside of browsers. */
export function ownOrigin(): string {
  return parseOrigin(globalThis);
}

function parsePage(scope: unknown): Page | undefined {
  const page = scope as Partial<Page>;
  return typeof page.addEventListener === "function" && page.document !== undefined ? (scope as Page) : undefined;
}

function parseOrigin(scope: unknown): string {
  return (scope as { readonly location?: { readonly origin: string } }).location?.origin ?? "";
}
