import { createHash } from "node:crypto";
import { GraphQLError, parse, validate, type DocumentNode, type GraphQLSchema } from "graphql";
import { excessOf } from "./limits.js";

/** A document that was parsed and found valid, or what is wrong with it. */
export type CheckedDocument = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] };

/** An operation as a client sends it. */
export interface AskedOperation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

const REFUSED = { code: "BAD_USER_INPUT", http: { status: 400 } } as const;
export const MAX_TOKENS = 1_000;
const MAX_REMEMBERED = 500;
/** A client's own documents are a few kilobytes; remembering larger ones would let a stranger fill the memory. */
const MAX_REMEMBERED_CHARACTERS = 16 * 1024;

/** The valid documents of a node, whichever way they came: clients send the same few again and again. */
export interface Documents {
  readonly schema: GraphQLSchema;
  /** Parses and validates, unless it is known. */
  check(source: string): CheckedDocument;
  /**
   * The refusal of an operation that asks for more than `LIMITS`, to be looked for before anything else is done with it.
   * One that can't be parsed has none here: it is refused in better words.
   */
  excessOf(operation: AskedOperation): GraphQLError | undefined;
  /** The same for Apollo Server, which keeps documents by the hash of their text, behind a prefix. */
  readonly store: {
    get(key: string): Promise<DocumentNode | undefined>;
    set(key: string, document: DocumentNode): Promise<void>;
    delete(key: string): Promise<void>;
  };
}

export function createDocuments(schema: GraphQLSchema): Documents {
  const remembered = new Map<string, DocumentNode>();

  function recall(hash: string): DocumentNode | undefined {
    const known = remembered.get(hash);
    if (known === undefined) return undefined;
    remembered.delete(hash);
    remembered.set(hash, known);
    return known;
  }

  function remember(hash: string, document: DocumentNode): void {
    if ((document.loc?.source.body.length ?? Infinity) > MAX_REMEMBERED_CHARACTERS) return;
    remembered.set(hash, document);
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  }

  // It is asked for twice an operation, and one operation after the other has the same document.
  let newest = { source: "", hash: sha256("") };
  const hashOf = (source: string): string => {
    if (source !== newest.source) newest = { source, hash: sha256(source) };
    return newest.hash;
  };
  const hashIn = (key: string): string => key.slice(key.lastIndexOf(":") + 1);
  return {
    schema,
    check(source) {
      const hash = hashOf(source);
      const known = recall(hash);
      if (known !== undefined) return { document: known };
      const checked = check(schema, source);
      if ("document" in checked) remember(hash, checked.document);
      return checked;
    },
    excessOf({ query, operationName, variables }) {
      const document = recall(hashOf(query)) ?? parsed(query);
      const words = document && excessOf(schema, { document, operationName, variables });
      // As what is not valid is refused: with 400.
      return words === undefined ? undefined : new GraphQLError(words, { extensions: REFUSED });
    },
    store: {
      get: async (key) => recall(hashIn(key)),
      set: async (key, document) => remember(hashIn(key), document),
      delete: async (key) => void remembered.delete(hashIn(key)),
    },
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function parsed(source: string): DocumentNode | undefined {
  try {
    return parse(source, { maxTokens: MAX_TOKENS });
  } catch {
    return undefined;
  }
}

function check(schema: GraphQLSchema, source: string): CheckedDocument {
  try {
    const document = parse(source, { maxTokens: MAX_TOKENS });
    const errors = validate(schema, document);
    return errors.length > 0 ? { errors } : { document };
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}
