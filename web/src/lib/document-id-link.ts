import { ApolloLink } from "@apollo/client";
import { catchError, of, switchMap, tap, throwError, type Observable } from "rxjs";
import { uploadOf } from "./upload-link.js";
import { documentIdOf, isOfOtherVersion, persistedQuery, wantsText } from "./document-ids.js";

/**
 * Sends the id of an operation's document in place of its text. A server that does not know it (another version of it,
 * while one takes the other's place) is sent the text, this time and from then on.
 * @param onTaken for each document whether it was executed, or refused because this page is of another version
 */
export function createDocumentIdLink(onTaken: (document: string, isTaken: boolean) => void): ApolloLink {
  const unknown = new Set<string>();
  return new ApolloLink((operation, forward) => {
    const id = documentIdOf(operation.query);
    const byText = (): Observable<ApolloLink.Result> => {
      delete operation.extensions["persistedQuery"];
      operation.setContext({ http: { includeQuery: true, includeExtensions: false } });
      return forward(operation);
    };
    const byId = (sha256Hash: string): Observable<ApolloLink.Result> => {
      const again = (): Observable<ApolloLink.Result> => {
        unknown.add(sha256Hash);
        return byText();
      };
      Object.assign(operation.extensions, persistedQuery(sha256Hash));
      operation.setContext({ http: { includeQuery: false, includeExtensions: true } });
      return forward(operation).pipe(
        catchError((error: unknown) => (wantsText(error) ? again() : throwError(() => error))),
        switchMap((result) => (wantsText(result) ? again() : of(result))),
      );
    };
    const note = (isTaken: boolean): void => onTaken(id ?? operation.operationName ?? "", isTaken);
    const refuse = (answer: unknown): void => void (isOfOtherVersion(answer) && note(false));
    // What is refused for another reason says nothing: it may have come to that before anybody looked at the document.
    const look = (answer: ApolloLink.Result): void => (answer.data ? note(true) : refuse(answer));
    // A file would travel twice where the id is not known; where texts are not executed, this one is known as well.
    const wantsId = id !== null && !unknown.has(id) && uploadOf(operation) === null;
    const answers = wantsId ? byId(id) : byText();
    return answers.pipe(tap({ next: look, error: refuse }));
  });
}
