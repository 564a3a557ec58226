import { join } from "node:path";
import helmet from "@fastify/helmet";
import serveStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

export interface WebPages {
  /** Where the built pages are. */
  readonly root: string;
  readonly graphiql: boolean;
  /** Sources of the CSP directive `frame-ancestors`. */
  readonly frameAncestors: readonly string[];
}

const YEAR_MS = 365 * 24 * 60 * 60 * 1_000;

/** The web client and GraphiQL, from our own origin alone, under a strict content security policy. */
export async function mountWebPages(app: FastifyInstance, pages: WebPages): Promise<void> {
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
        frameAncestors: [...pages.frameAncestors],
      },
    },
    // Who may frame the pages is said by frame-ancestors; the older header can't name origins.
    xFrameOptions: false,
    strictTransportSecurity: false,
  });
  await app.register(serveStatic, { root: pages.root, index: false, wildcard: false, serve: false });
  await app.register(serveStatic, { root: join(pages.root, "assets"), prefix: "/assets/", decorateReply: false, immutable: true, maxAge: YEAR_MS, index: false });
  const page = (file: string) => (_request: FastifyRequest, reply: FastifyReply) => reply.header("cache-control", "no-cache").sendFile(file);
  app.get("/favicon.svg", page("favicon.svg"));
  if (pages.graphiql) app.get("/graphiql", page("graphiql.html"));
  // The web client has its own addresses: whatever is not a file of ours is a place in it.
  for (const url of ["/", "/login", "/rooms", "/rooms/*", "/search"]) app.get(url, page("index.html"));
}
