import type { Client } from "graphql-ws";
import { isOfOtherVersion, persistedQuery, wantsText } from "./document-ids.js";

export interface DocumentIdSocketOptions {
  readonly socket: Pick<Client, "subscribe">;
  /** Of the one document that is subscribed to; null sends its text. */
  readonly documentId: string | null;
  /** Whether it was taken, or refused because this page is of another version. */
  readonly onTaken: (isTaken: boolean) => void;
}

/** The same socket, which sends a document's id in place of its text, as `createDocumentIdLink` does over HTTP. */
export function createDocumentIdSocket(options: DocumentIdSocketOptions): Pick<Client, "subscribe"> {
  const { socket, onTaken } = options;
  let { documentId } = options;
  return {
    subscribe(payload, sink) {
      const watched: typeof sink = {
        next(result) {
          onTaken(true);
          sink.next(result);
        },
        complete: () => sink.complete(),
        error(errors) {
          if (isOfOtherVersion(errors)) onTaken(false);
          sink.error(errors);
        },
      };
      if (documentId === null) return socket.subscribe(payload, watched);
      let isEnded = false;
      let end = (): void => {};
      end = socket.subscribe(
        { ...payload, query: "", extensions: persistedQuery(documentId) },
        {
          ...watched,
          error(errors) {
            if (!wantsText(errors)) return watched.error(errors);
            documentId = null;
            if (!isEnded) end = socket.subscribe(payload, watched);
          },
        },
      );
      return () => {
        isEnded = true;
        end();
      };
    },
  };
}
