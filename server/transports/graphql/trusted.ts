import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { DomainError } from "../../platform/errors.js";
import { secretCheck } from "../../platform/secrets.js";
import { errorCode } from "../../platform/system-error.js";

/**
 * Which documents are executed: whatever a caller sends (`off`), the same and the web client's own by their ids (`on`),
 * or those alone (`only`).
 */
export type TrustMode = "off" | "on" | "only";

/** What names a document in a request, whichever way it came. */
export interface DocumentRequest {
  readonly query?: unknown;
  /** As the draft of GraphQL over HTTP has it: `sha256:` and 64 hexadecimal digits. */
  readonly documentId?: unknown;
  /** `persistedQuery.sha256Hash`, as Apollo's clients have it. */
  readonly extensions?: unknown;
}

/** The documents that were registered when the web client was built, and the rule about all others. */
export interface TrustedDocuments {
  /**
   * The text that is meant; undefined when the request names none by an id, and goes on as it is. No other memory of texts
   * is asked: what is executed is what is measured.
   * @param isExempt the caller may send any document: the host product, or a gateway that knows the secret
   * @throws DomainError BAD_USER_INPUT (documentId) for an id that is not registered, and where only registered ones are
   *   executed for any other text
   */
  textOf(request: DocumentRequest, isExempt: boolean): string | undefined;
  /** Whether this is the gateway's secret. Without one, nothing is. */
  isGateway(secret: unknown): boolean;
}

/** As it is configured. */
export interface TrustSettings {
  readonly trustedDocuments: TrustMode;
  readonly gatewaySecret?: string | undefined;
}

/** Under which header a gateway shows its secret, and under which name in the payload of `connection_init`. */
export const GATEWAY_HEADER = "x-gateway-secret";
export const GATEWAY_PARAM = "gatewaySecret";

/** The web client was not built, or by an older version: nobody could ask anything. */
export class NoTrustedDocuments extends Error {
  override readonly name = "NoTrustedDocuments";
}

const DOCUMENTS_FILE = "documents.json";
const documentsFile = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string());

/**
 * Reads what the build of the web client has registered, in the folder of its pages.
 * @throws NoTrustedDocuments when there is nothing and only registered documents shall be executed
 */
export async function readTrustedDocuments(root: string, settings: TrustSettings): Promise<TrustedDocuments> {
  const { trustedDocuments: mode } = settings;
  const known = mode === "off" ? {} : await readDocuments(join(root, DOCUMENTS_FILE));
  if (mode === "only" && Object.keys(known).length === 0)
    throw new NoTrustedDocuments(
      "TRUSTED_DOCUMENTS=only, and the built web client has no documents: run `npm run build`, or set TRUSTED_DOCUMENTS=on.",
    );
  return createTrustedDocuments(new Map(Object.entries(known)), settings);
}

async function readDocuments(path: string): Promise<z.output<typeof documentsFile>> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw error;
    return "{}";
  });
  return documentsFile.parse(JSON.parse(text));
}

function createTrustedDocuments(
  registered: ReadonlyMap<string, string>,
  { trustedDocuments: mode, gatewaySecret }: TrustSettings,
): TrustedDocuments {
  return {
    isGateway: secretCheck(gatewaySecret),
    textOf(request, isExempt) {
      const { id, isOfApollo } = idOf(request);
      const known = id === undefined ? undefined : registered.get(id);
      if (known !== undefined) return known;
      const text = typeof request.query === "string" && request.query !== "" ? request.query : undefined;
      const isRegistered = (): boolean => text !== undefined && registered.has(hashOf(text));
      if (mode === "only" && !isExempt && !isRegistered()) throw notRegistered();
      if (id === undefined) return undefined;
      if (text === undefined) throw unknownId(isOfApollo);
      return text;
    },
  };
}

const persistedQuery = z.object({ persistedQuery: z.object({ sha256Hash: z.string() }) });

function idOf({ documentId, extensions }: DocumentRequest): { readonly id?: string; readonly isOfApollo: boolean } {
  if (typeof documentId === "string") return { id: documentId.replace(/^sha256:/, ""), isOfApollo: false };
  // Most requests have none, and to say what is wrong with nothing takes longer than all the rest of this.
  if (extensions === undefined) return { isOfApollo: true };
  const id = persistedQuery.safeParse(extensions).data?.persistedQuery.sha256Hash;
  return id === undefined ? { isOfApollo: true } : { id, isOfApollo: true };
}

const notRegistered = (): DomainError =>
  new DomainError(
    "BAD_USER_INPUT",
    "This server executes only the documents of its own web client (TRUSTED_DOCUMENTS=only), and this is none of them. In the web client, reload the page: there is a newer version of it.",
    { field: "documentId" },
  );

/** What Apollo's clients understand as: send the text as well. */
const PERSISTED_QUERY_NOT_FOUND = "PersistedQueryNotFound";

const unknownId = (isOfApollo: boolean): DomainError =>
  new DomainError(
    "BAD_USER_INPUT",
    isOfApollo ? PERSISTED_QUERY_NOT_FOUND : "This server knows no document of this id: send its text as `query`.",
    isOfApollo ? {} : { field: "documentId" },
  );

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
