import { readFile } from "node:fs/promises";
import { join } from "node:path";
import serveStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

export interface WebPages {
  /** Where the built pages are. */
  readonly root: string;
  readonly graphiql: boolean;
  /** The largest file that may be sent, for the client to say so before it sends one. */
  readonly uploadMaxBytes: number;
}

/** The web client's own addresses. */
const CLIENT_ADDRESSES = ["/", "/login", "/rooms", "/rooms/*", "/search"];
/** What is below these is never a page. */
const PROGRAMS_ONLY = /^\/(api|assets|control|demo|emojibase|graphql|media|ws)(\/|$)/;

const DAY_MS = 24 * 60 * 60 * 1_000;
const YEAR_MS = 365 * 24 * 60 * 60 * 1_000;

/** The web client, GraphiQL and the page of the REST API, from our own origin alone. */
export async function mountWebPages(app: FastifyInstance, pages: WebPages): Promise<void> {
  await app.register(serveStatic, { root: pages.root, index: false, wildcard: false, serve: false });
  await app.register(serveStatic, {
    root: join(pages.root, "assets"),
    prefix: "/assets/",
    decorateReply: false,
    immutable: true,
    preCompressed: true,
    maxAge: YEAR_MS,
    index: false,
  });
  await app.register(serveStatic, {
    root: join(pages.root, "emojibase"),
    prefix: "/emojibase/",
    decorateReply: false,
    maxAge: DAY_MS,
    preCompressed: true,
    index: false,
  });
  const page = (file: string) => (_request: FastifyRequest, reply: FastifyReply) =>
    reply.header("cache-control", "no-cache").sendFile(file);
  app.get("/favicon.svg", page("favicon.svg"));
  if (pages.graphiql) app.get("/graphiql", page("graphiql.html"));
  app.get("/docs", page("docs.html"));
  const client = clientPage(pages);
  for (const url of CLIENT_ADDRESSES) app.get(url, client);
  // An address that nobody knows: people get the client's own page for it, programs a plain refusal.
  app.get("/*", (request, reply) => {
    const wantsPage = request.headers.accept?.includes("text/html") === true && !PROGRAMS_ONLY.test(request.url);
    return wantsPage ? client(request, reply.code(404)) : reply.callNotFound();
  });
}

/** The client's page, with what it has to know of this server before it asks anything. */
function clientPage({ root, uploadMaxBytes }: WebPages) {
  const meta = `<meta name="parley-upload-max-bytes" content="${uploadMaxBytes}" />`;
  return async (_request: FastifyRequest, reply: FastifyReply) => {
    // Read each time: a client that is built anew has other names for its parts.
    const html = await readFile(join(root, "index.html"), "utf8").catch(() => undefined);
    if (html === undefined) return reply.callNotFound();
    const page = html.replace("</head>", `${meta}</head>`);
    return reply.header("cache-control", "no-cache").type("text/html; charset=utf-8").send(page);
  };
}
