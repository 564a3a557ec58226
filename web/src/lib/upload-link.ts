import { ApolloLink, Observable } from "@apollo/client";
import { ServerError } from "@apollo/client/errors";
import { print } from "graphql";
import type { OutboxFile } from "./outbox-entry.js";

/** A file that an operation carries as `input.attachment`, and how its way is watched. */
export interface Upload {
  readonly file: OutboxFile;
  readonly signal: AbortSignal;
  /** How much of the request has left, from 0 to 1. */
  readonly onProgress: (fraction: number) => void;
}

export interface UploadLinkOptions {
  readonly url: string;
  readonly token: string;
  readonly createRequest?: () => XMLHttpRequest;
}

/** Nothing moved for this long: the network has swallowed it. A slow one may take as long as it likes. */
const STALLED_MS = 30_000;
const PATH = "variables.input.attachment";

/** The file of an operation, as whoever asked for it put it into the context. */
export function uploadOf(operation: ApolloLink.Operation): Upload | null {
  return operation.getContext().upload ?? null;
}

/** The body by the GraphQL multipart request specification: operations, map, then the file. */
function toForm(operation: ApolloLink.Operation, { name, contentType, blob }: OutboxFile) {
  const { operationName, query, variables } = operation;
  const input: unknown = variables["input"];
  const withPlace = { ...variables, input: { ...(typeof input === "object" ? input : {}), attachment: null } };
  const form = new FormData();
  form.append("operations", JSON.stringify({ operationName, query: print(query), variables: withPlace }));
  form.append("map", JSON.stringify({ 0: [PATH] }));
  form.append("0", new File([blob], name, { type: contentType }));
  return form;
}

/** The answer, or the error that it stands for. */
function readAnswer(request: XMLHttpRequest): ApolloLink.Result {
  const { status, statusText, responseText } = request;
  if (status < 200 || status >= 300) {
    const pause = request.getResponseHeader("retry-after");
    const headers: HeadersInit = pause === null ? {} : { "retry-after": pause };
    const response = new Response(responseText, { status, statusText, headers });
    throw new ServerError(`Response not successful: Received status code ${status}`, {
      response,
      bodyText: responseText,
    });
  }
  return JSON.parse(responseText);
}

/**
 * Sends operations with a file. By XMLHttpRequest, because fetch does not tell how much of a body has left. Errors are
 * those that the link for everything else has.
 */
export function createUploadLink({ url, token, createRequest = () => new XMLHttpRequest() }: UploadLinkOptions) {
  return new ApolloLink(
    (operation) =>
      new Observable((observer) => {
        const upload = uploadOf(operation);
        if (!upload) return observer.error(new TypeError("There is no file to send."));
        const request = createRequest();
        let stall: ReturnType<typeof setTimeout>;
        const fail = (error: unknown): void => {
          clearTimeout(stall);
          observer.error(error);
        };
        const abort = (): void => request.abort();
        const moved = (): void => {
          clearTimeout(stall);
          stall = setTimeout(abort, STALLED_MS);
        };
        request.upload.onprogress = ({ loaded, total }) => {
          moved();
          upload.onProgress(total > 0 ? loaded / total : 0);
        };
        request.onerror = () => fail(new TypeError("The file could not be sent."));
        request.onabort = () => fail(new TypeError("The file was not sent."));
        request.onload = () => {
          clearTimeout(stall);
          try {
            observer.next(readAnswer(request));
            observer.complete();
          } catch (error) {
            observer.error(error);
          }
        };
        request.open("POST", url);
        request.setRequestHeader("authorization", `Bearer ${token}`);
        request.setRequestHeader("accept", "application/graphql-response+json,application/json;q=0.9");
        // No page of another origin can add it.
        request.setRequestHeader("apollo-require-preflight", "true");
        request.send(toForm(operation, upload.file));
        moved();
        upload.signal.addEventListener("abort", abort);
        return () => {
          clearTimeout(stall);
          upload.signal.removeEventListener("abort", abort);
          request.abort();
        };
      }),
  );
}
