import { formatter } from "@lingui/format-po";

/**
 * The words of the web client. An English text in the source is its own id; `npm run words` collects them into the
 * catalogues, and the build compiles those into what the client loads.
 */
export default {
  sourceLocale: "en",
  locales: ["en", "de"],
  catalogs: [
    {
      path: "<rootDir>/web/src/words/{locale}",
      include: ["<rootDir>/web/src"],
      exclude: ["**/*.test.*", "<rootDir>/web/src/gql/**", "<rootDir>/web/src/test/**", "<rootDir>/web/src/words/**"],
    },
  ],
  // Without line numbers a catalogue changes only where words do.
  format: formatter({ lineNumbers: false, explicitIdAsDefault: true }),
  orderBy: "messageId",
  compileNamespace: "json",
};
