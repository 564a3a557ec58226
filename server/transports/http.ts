import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import cors from "@fastify/cors";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { toDomainError, type DomainError, type ErrorCode } from "../platform/errors.js";
import { addressOf, networkOf, trustOf } from "../platform/address.js";
import type { Via, ViaTransport } from "../platform/via.js";
import { NO_SNIFFING, sendBrowserHeaders, type BrowserOptions } from "./browser-headers.js";
import { reject, type Rejection } from "./rejections.js";
import type { Strangers } from "./strangers.js";

const MAX_BODY_BYTES = 256 * 1024;
/** The longest that a request may take to arrive: the largest upload over a slow line. Headers have a minute. */
const REQUEST_TIMEOUT_MS = 5 * 60_000;
/** The header by which an answer is found in the log. */
const REQUEST_ID = "x-request-id";

const NOT_HTTP: Rejection = { status: "400 Bad Request", detail: "This request can't be read as HTTP." };
/** By the names that Node has for them. */
const unreadable: Readonly<Record<string, Rejection>> = {
  HPE_HEADER_OVERFLOW: {
    status: "431 Request Header Fields Too Large",
    detail: "The headers of this request are too long.",
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: "408 Request Timeout", detail: "The request did not arrive in time." },
};

/** The status of every code, for answers that are not GraphQL's. */
export const httpStatus: Readonly<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  CONFLICT: 409,
  IDEMPOTENCY_KEY_REUSED: 422,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  RESYNC_REQUIRED: 410,
  UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
};

export interface HttpOptions extends BrowserOptions {
  readonly logger: Logger;
  readonly allowedHosts: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly trustProxy: boolean | number | string;
}

/** One server for everything on the one port: hosts, origins and errors are the same for all that is mounted on it. */
export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: options.trustProxy === false ? false : trustOf(options.trustProxy),
    genReqId: () => randomUUID(),
    // What still comes on a connection that is there while the server stops is answered as ever.
    return503OnClosing: false,
    // What is no request to any route, such as an address that can't be decoded.
    frameworkErrors(error: Error, _request: FastifyRequest, reply: FastifyReply) {
      reply
        .code(statusOfRequestFault(error) ?? 400)
        .headers(NO_SNIFFING)
        .send({ detail: error.message });
    },
    // What is not even HTTP, or too slow in coming.
    clientErrorHandler(error, socket) {
      if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
      const { status, detail } = unreadable[error.code] ?? NOT_HTTP;
      reject(socket, { status, detail });
    },
  });
  // Nothing here is asked for in plain text; read as such it would be refused later, with other words and another code.
  app.removeContentTypeParser("text/plain");
  await sendBrowserHeaders(app, options);
  app.addHook("onRequest", async (request, reply) => {
    reply.header(REQUEST_ID, request.id);
    // The second is what a trusted proxy says: addresses in answers are made of it.
    if (![request.headers.host, request.host].every((host) => isAllowedHost(host, options.allowedHosts)))
      await reply.code(403).send({ detail: "This host name is not served here." });
  });
  await app.register(cors, {
    origin: options.corsOrigins.includes("*") ? "*" : [...options.corsOrigins],
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    exposedHeaders: ["link", "retry-after", "www-authenticate", REQUEST_ID],
    strictPreflight: false,
  });
  closeWhenAnswered(app);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ detail: "There is nothing at this address." }));
  app.setErrorHandler((error, request, reply) => {
    forgetContent(reply);
    const status = statusOfRequestFault(error);
    if (status !== undefined)
      return reply
        .code(status)
        .send({ detail: error instanceof Error ? error.message : "This request can't be read." });
    const refusal = toDomainError(error);
    if (refusal.code === "INTERNAL_SERVER_ERROR")
      options.logger.error({ err: error, url: request.url.split("?")[0], requestId: request.id }, "a request failed");
    return reply.code(httpStatus[refusal.code]).headers(headersOf(refusal)).send({ detail: refusal.message });
  });
  return app;
}

/** What was said of a file, and for how long it may be kept, is not true of the answer that there is none. */
function forgetContent(reply: FastifyReply): void {
  for (const name of ["content-length", "content-range", "content-disposition", "etag", "last-modified"])
    reply.removeHeader(name);
  reply.header("cache-control", "no-store").type("application/json; charset=utf-8");
}

/** What a refusal says beside its status: who to come as, when to come again. */
export function headersOf({ code, details: { retryAfterMs } }: DomainError): Readonly<Record<string, string>> {
  return {
    ...(code === "UNAUTHENTICATED" ? { "www-authenticate": "Bearer" } : {}),
    ...(retryAfterMs === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) }),
  };
}

/**
 * A closing server lets go of the connections that wait for another request. One whose answer (a long download) ends
 * later is waiting only then.
 */
function closeWhenAnswered(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook("preClose", async () => {
    isClosing = true;
  });
  app.addHook("onResponse", async () => {
    if (isClosing) setImmediate(() => app.server.closeIdleConnections());
  });
}

/** Fastify's own refusals (a body that can't be parsed, or is too large) carry a status of the 400s. */
export function statusOfRequestFault(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number") return undefined;
  return error.statusCode >= 400 && error.statusCode < 500 ? error.statusCode : undefined;
}

const MAX_PORT = 65_535;

/** Whether a `Host` header names us; anything else may be another page's attempt to reach this machine. */
export function isAllowedHost(header: string | undefined, allowed: readonly string[]): boolean {
  const [, name = "", port = "0"] = /^(.*?)(?::(\d+))?$/.exec((header ?? "").toLowerCase()) ?? [];
  if (Number(port) > MAX_PORT) return false;
  return allowed.some(
    (host) =>
      host === "*" || host === name || (host.startsWith(".") && (name === host.slice(1) || name.endsWith(host))),
  );
}

/**
 * Whether a page of this origin may open a WebSocket: the server's own, or one that was configured, letter by letter as
 * browsers write them. Who sends none is no page, and has to show a token like any other.
 */
export function isAllowedOrigin(
  request: IncomingMessage,
  { corsOrigins, publicUrl }: Pick<HttpOptions, "corsOrigins" | "publicUrl">,
): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  const known = publicUrl === undefined ? undefined : new URL(publicUrl);
  if (origin === known?.origin || corsOrigins.includes("*") || corsOrigins.includes(origin)) return true;
  const asked = host?.toLowerCase();
  // Of a host that is public over TLS, a page that came without it may be anybody's.
  return asked !== known?.host && (origin === `http://${asked}` || origin === `https://${asked}`);
}

/** By then who says nothing has been let go. */
const RETRY_AFTER_S = 5;

/** An upgrade that is let in, of whom it is not known yet who it is. */
export interface Arrival {
  /** To be called as soon as that is known. */
  readonly known: () => void;
  readonly via: Via;
}

/** Takes an upgrade to WebSocket for one path. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer, arrival: Arrival) => void;

/** How a request over HTTP comes in. */
export function viaOf({ ip, id }: Pick<FastifyRequest, "ip" | "id">, transport: ViaTransport): Via {
  return { transport, address: ip, requestId: id };
}

/** Who takes the upgrades of which paths. */
export interface UpgradeRoute {
  readonly path: RegExp;
  readonly transport: ViaTransport;
  readonly upgrade: Upgrade;
}

/** Dispatches upgrades by path; what is not ours is closed, and so are more strangers than we can wait for. */
export function acceptUpgrades(
  app: FastifyInstance,
  options: HttpOptions & { readonly strangers: Strangers },
  routes: readonly UpgradeRoute[],
): void {
  const isTrusted = trustOf(options.trustProxy);
  app.server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    const path = request.url?.split("?")[0] ?? "";
    const route = routes.find((each) => each.path.test(path));
    if (!isAllowedHost(request.headers.host, options.allowedHosts) || !isAllowedOrigin(request, options))
      return reject(socket, FOREIGN);
    if (route === undefined) return reject(socket, NO_SOCKET);
    const address = addressOf(request, isTrusted);
    const known = options.strangers.enter(networkOf(address));
    if (known === undefined) return reject(socket, CROWDED);
    socket.once("close", known);
    const via = { transport: route.transport, address, requestId: randomUUID() };
    route.upgrade(request, socket, head, { known, via });
  });
}

const FOREIGN: Rejection = { status: "403 Forbidden", detail: "This host or origin is not served here." };
const NO_SOCKET: Rejection = { status: "404 Not Found", detail: "There is no WebSocket at this address." };
const CROWDED: Rejection = {
  status: "503 Service Unavailable",
  detail: "Too many connections wait to say who they are. Try again in a while.",
  headers: { "Retry-After": RETRY_AFTER_S },
};
