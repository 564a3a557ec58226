import { isRecord } from "./records.js";

/** What the build has put on each operation's document: by it the server knows the text (`web/graphql-documents.ts`). */
export function documentIdOf(document: object): string | null {
  return "documentId" in document && typeof document.documentId === "string" ? document.documentId : null;
}

/** An id as it goes out in place of the text, over HTTP and over WebSocket. */
export const persistedQuery = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

/** The server's word for an id that it does not know, as another version of it: it wants the text. */
const NOT_FOUND = "PersistedQueryNotFound";

type WireError = { readonly message: unknown; readonly extensions: Readonly<Record<string, unknown>> };

/** The errors in an answer, in an error that it was thrown as, or in what a socket has said. */
function errorsIn(value: unknown): readonly WireError[] {
  if (Array.isArray(value))
    return value.flatMap((error: unknown) => {
      if (!isRecord(error)) return [];
      return [{ message: error["message"], extensions: isRecord(error["extensions"]) ? error["extensions"] : {} }];
    });
  if (!isRecord(value)) return [];
  if (typeof value["bodyText"] === "string") return errorsIn(parseBody(value["bodyText"]));
  return errorsIn(value["errors"] ?? []);
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether the server knows no text of the id that it was sent. */
export function wantsText(answer: unknown): boolean {
  return errorsIn(answer).some(({ message }) => message === NOT_FOUND);
}

/** Whether the server executes nothing but what its own web client asks, and this page is of another version. */
export function isOfOtherVersion(answer: unknown): boolean {
  return errorsIn(answer).some(
    ({ extensions }) => extensions["code"] === "BAD_USER_INPUT" && extensions["field"] === "documentId",
  );
}
