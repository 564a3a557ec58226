import type { Plugin } from "vite";

/** A document in the source: its kind and its name, which is the generated constant's name too. */
const DOCUMENT = /\bgraphql\(`\s*(query|mutation|subscription|fragment)\s+(\w+)[^`]*`\)/g;
const IMPORT = /import \{ graphql \} from "([^"]*)\/gql\.js";/;

/**
 * Puts the generated document in the place of each `graphql(...)`. Otherwise all documents of the client, and their texts
 * besides, are one table that the first page loads.
 */
export function graphqlDocuments(): Plugin {
  return {
    name: "graphql-documents",
    apply: "build",
    enforce: "pre",
    transform: {
      filter: { id: /\/web\/src\/(?!gql\/).*\.tsx?$/, code: "graphql(`" },
      handler(code) {
        const names = new Set<string>();
        const replaced = code.replaceAll(DOCUMENT, (_text, kind: string, name: string) => {
          const constant = `${name}${kind === "fragment" ? "FragmentDoc" : "Document"}`;
          names.add(constant);
          return `documents.${constant}`;
        });
        if (names.size === 0) return null;
        if (replaced.includes("graphql(`"))
          this.error("A document here begins neither with an operation nor a fragment.");
        return { code: replaced.replace(IMPORT, 'import * as documents from "$1/graphql.js";'), map: null };
      },
    },
  };
}
