import type { CodegenConfig } from "@graphql-codegen/cli";

/**
 * Types and typed documents for the web client, out of the printed schema and the fragments
 * that stand beside the components. The output is not committed: the build makes it.
 */
const config: CodegenConfig = {
  schema: ["schema.graphql", "web/src/lib/local.graphql"],
  documents: ["web/src/**/*.{ts,tsx}", "!web/src/gql/**", "!web/src/**/*.test.{ts,tsx}"],
  generates: {
    "web/src/gql/": {
      preset: "client",
      // Masking is Apollo Client's own (`dataMasking`), so that a row follows the cache by itself.
      presetConfig: { fragmentMasking: false, skipIndexFile: true },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        nonOptionalTypename: true,
        skipTypeNameForRoot: true,
        strictScalars: true,
        defaultScalarType: "unknown",
        scalars: { DateTime: "string", Upload: "File" },
        inlineFragmentTypes: "mask",
        customDirectives: { apolloUnmask: true },
      },
    },
  },
};

export default config;
