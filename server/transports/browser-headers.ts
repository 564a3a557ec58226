import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

/** How browsers reach this server, and who may show its pages. */
export interface BrowserOptions {
  /** Sources of the CSP directive `frame-ancestors`. */
  readonly frameAncestors: readonly string[];
  /** The origin under which browsers reach the server, when a proxy hides it. */
  readonly publicUrl?: string | undefined;
}

/** What even an answer has that no request was read for: it is not taken for anything but what it says it is. */
export const NO_SNIFFING = { "x-content-type-options": "nosniff" } as const;

const YEAR_S = 365 * 24 * 60 * 60;

/**
 * What keeps a browser from doing more with an answer than was meant: a strict content security policy, and its kin. Of
 * every answer, refusals too; so it is registered before all that answers.
 */
export async function sendBrowserHeaders(app: FastifyInstance, options: BrowserOptions): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        workerSrc: ["'self'", "blob:"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'", "data:"],
        connectSrc: ["'self'", "ws:", "wss:"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: [...options.frameAncestors],
      },
    },
    // Who may frame the pages is said by frame-ancestors; the older header can't name origins.
    xFrameOptions: false,
    // For this host alone: what runs on those below it is its operator's to know.
    strictTransportSecurity:
      options.publicUrl?.startsWith("https:") === true ? { maxAge: YEAR_S, includeSubDomains: false } : false,
  });
}
