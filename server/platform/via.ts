/** By which way something is asked of the server. */
export type ViaTransport = "graphql" | "graphql-ws" | "rest" | "socket" | "media";

/** How and from where somebody asks: for the audit trail. */
export interface Via {
  readonly transport: ViaTransport;
  /** Where it comes from, past the proxies that are trusted. */
  readonly address: string;
  /** By which the request is found in the log; a socket has one for as long as it lives. */
  readonly requestId: string;
}
