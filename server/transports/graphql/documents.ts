import { GraphQLError, parse, validate, type DocumentNode, type GraphQLSchema } from "graphql";

/** A document that was parsed and found valid, or what is wrong with it. */
export type CheckedDocument = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] };

export const MAX_TOKENS = 1_000;
const MAX_REMEMBERED = 500;
/** A client's own documents are a few kilobytes; remembering larger ones would let a stranger fill the memory. */
const MAX_REMEMBERED_CHARACTERS = 16 * 1024;

/** Parses and validates each document once: clients send the same few again and again. */
export function createDocumentCache(schema: GraphQLSchema): (source: string) => CheckedDocument {
  const remembered = new Map<string, CheckedDocument>();
  return (source) => {
    const known = remembered.get(source);
    remembered.delete(source);
    const checked = known ?? check(schema, source);
    if ("errors" in checked || source.length > MAX_REMEMBERED_CHARACTERS) return checked;
    remembered.set(source, checked);
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return checked;
  };
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
