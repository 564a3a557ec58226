const DEFAULT_UPLOAD_MAX_BYTES = 10 * 1_024 * 1_024;

/** The server writes its limit into the page that it serves; in development the page comes from elsewhere. */
function parseUploadMaxBytes(): number {
  const meta = document.querySelector('meta[name="parley-upload-max-bytes"]');
  return Number(meta?.getAttribute("content")) || DEFAULT_UPLOAD_MAX_BYTES;
}

/** Everything the client takes from where it runs. It is served by the server it talks to, so all addresses are its own. */
export const env = {
  graphqlUrl: "/graphql",
  /** Where the emoji data of the build is. */
  emojibaseUrl: "/emojibase",
  demoUsersUrl: "/demo/users",
  demoLoginUrl: "/demo/login",
  uploadMaxBytes: parseUploadMaxBytes(),
  isDevelopment: import.meta.env?.DEV ?? false,
} as const;

/** The WebSocket address of a path on this host: `wss:` behind TLS. */
export function webSocketUrl(path: string, page: Location = window.location): string {
  const url = new URL(path, page.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
