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

/** The web client's own addresses. */
const CLIENT_ADDRESSES = ["/", "/login", "/rooms", "/rooms/*", "/search"];
/** What is below these is never a page. */
const PROGRAMS_ONLY = /^\/(api|assets|control|demo|emojibase|graphql|media|ws)(\/|$)/;

const DAY_MS = 24 * 60 * 60 * 1_000;
const YEAR_MS = 365 * 24 * 60 * 60 * 1_000;

/** The web client, GraphiQL and the page of the REST API, from our own origin alone, under a strict content security policy. */
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
  await app.register(serveStatic, {
    root: join(pages.root, "assets"),
    prefix: "/assets/",
    decorateReply: false,
    immutable: true,
    maxAge: YEAR_MS,
    index: false,
  });
  await app.register(serveStatic, {
    root: join(pages.root, "emojibase"),
    prefix: "/emojibase/",
    decorateReply: false,
    maxAge: DAY_MS,
    index: false,
  });
  const page = (file: string) => (_request: FastifyRequest, reply: FastifyReply) =>
    reply.header("cache-control", "no-cache").sendFile(file);
  app.get("/favicon.svg", page("favicon.svg"));
  if (pages.graphiql) app.get("/graphiql", page("graphiql.html"));
  app.get("/docs", page("docs.html"));
  for (const url of CLIENT_ADDRESSES) app.get(url, page("index.html"));
  // An address that nobody knows: people get the client's own page for it, programs a plain refusal.
  app.get("/*", (request, reply) => {
    const wantsPage = request.headers.accept?.includes("text/html") === true && !PROGRAMS_ONLY.test(request.url);
    return wantsPage ? page("index.html")(request, reply.code(404)) : reply.callNotFound();
  });
}
