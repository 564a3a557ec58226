import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { compressed } from "./compressed.js";
import { emojiData } from "./emoji-data.js";
import { englishWords } from "./english-words.js";
import { graphqlDocuments } from "./graphql-documents.js";

const API_ORIGIN = "http://127.0.0.1:4000";
const root = fileURLToPath(new URL(".", import.meta.url));

/**
 * Groups are cut by who uses them, so that the client does not load what only GraphiQL uses. Small parts are not merged
 * into others: that makes circles of chunks, and then one of antd's modules runs before what it needs.
 */
const byEntry = { entriesAware: true } as const;

export default defineConfig({
  root,
  plugins: [graphqlDocuments(), englishWords(), react(), emojiData(), compressed(["assets", "emojibase"])],
  server: {
    proxy: {
      "/graphql": { target: API_ORIGIN, ws: true },
      "/demo": API_ORIGIN,
      "/api": API_ORIGIN,
      "/media": API_ORIGIN,
      "/openapi.json": API_ORIGIN,
      "/ws": { target: API_ORIGIN, ws: true },
    },
  },
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2022",
    sourcemap: false,
    // Monaco and antd are large by nature; what counts is what the first page loads.
    chunkSizeWarningLimit: 4000,
    // Fonts and icons stay files: the page's CSP allows data: URLs, but files are cached better.
    assetsInlineLimit: 0,
    rolldownOptions: {
      onLog: (level, log, report) => {
        // GraphiQL's own parts carry directives for a compiler that is not used here.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
      input: { index: `${root}index.html`, graphiql: `${root}graphiql.html`, docs: `${root}docs.html` },
      treeshake: {
        // antd's parts do not say so themselves: without it a field alone brings the whole of its forms along.
        moduleSideEffects: [{ test: /node_modules\/(@rc-component|@ant-design)\//, sideEffects: false }],
      },
      output: {
        // The part of a group that only some pages use is named after all of them; the group's name is enough.
        chunkFileNames: ({ name }) => `assets/${name.split("~")[0]}-[hash].js`,
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler|react-router)\//, ...byEntry },
            {
              name: "apollo",
              test: /node_modules\/(@apollo|@wry|optimism|rxjs|graphql|graphql-ws)\//,
              entriesAware: true,
            },
            { name: "antd", test: /node_modules\/(antd|@ant-design|@rc-component)\//, ...byEntry },
          ],
        },
      },
    },
  },
});
