/** Everything the client takes from where it runs. It is served by the server it talks to, so all addresses are its own. */
export const env = {
  graphqlUrl: "/graphql",
  /** Where the emoji data of the build is. */
  emojibaseUrl: "/emojibase",
  demoUsersUrl: "/demo/users",
  demoLoginUrl: "/demo/login",
  isDevelopment: import.meta.env?.DEV ?? false,
} as const;

/** The WebSocket address of a path on this host: `wss:` behind TLS. */
export function webSocketUrl(path: string, page: Location = window.location): string {
  const url = new URL(path, page.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
