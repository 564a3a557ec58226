import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const API_ORIGIN = "http://127.0.0.1:4000";
const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root,
  plugins: [react()],
  server: {
    proxy: {
      "/graphql": { target: API_ORIGIN, ws: true },
      "/demo": API_ORIGIN,
      "/api": API_ORIGIN,
      "/media": API_ORIGIN,
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
      input: { index: `${root}index.html`, graphiql: `${root}graphiql.html` },
      output: {
        codeSplitting: {
          // By entry as well, so that the client does not load what only GraphiQL uses.
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler|react-router)\//, entriesAware: true },
            {
              name: "apollo",
              test: /node_modules\/(@apollo|@wry|optimism|rxjs|graphql|graphql-ws)\//,
              entriesAware: true,
            },
            { name: "antd", test: /node_modules\/(antd|@ant-design|@rc-component)\//, entriesAware: true },
          ],
        },
      },
    },
  },
});
