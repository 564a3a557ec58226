import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { DomainError } from "../../platform/errors.js";
import type { Database } from "../../platform/orm.js";
import type { Services } from "../../platform/scope.js";
import { noteRefusal } from "../../platform/refusals.js";
import { viaOf } from "../http.js";
import type { Caller, Identify } from "../authenticate.js";
import type { UploadsUnderWay } from "../uploads.js";
import { readBodies } from "./body.js";
import { withForm } from "./form.js";
import { MethodNotAllowed, toRestRefusal, UnreadableBody } from "./errors.js";
import { withCamelCase } from "./names.js";
import { METHODS, type Answer, type HostRoute, type Method, type Route } from "./route.js";
import { CALLER, callerOf, describedOf, givenOnce, idOf } from "./request.js";
import { routes } from "./routes.js";

/** What the process has for every request. */
export interface RestServices {
  readonly database: Database;
  readonly services: Services;
  readonly uploads: UploadsUnderWay;
}

export const REST_PREFIX = "/api/chat";
/** Ten thousand people are about one megabyte; a hundred thousand members several. */
const MAX_HOST_BODY_BYTES = 16 * 1024 * 1024;

/** The REST shim: every route of the table, with and without a slash at the end. Who calls is asked before all else. */
export async function mountRest(app: FastifyInstance, identify: Identify, process: RestServices): Promise<void> {
  await app.register(
    async (rest) => {
      readBodies(rest);
      rest.decorateRequest(CALLER);
      rest.addHook("onRequest", async (request) => {
        request.setDecorator<Caller>(CALLER, await identify(request.headers.authorization, viaOf(request, "rest")));
      });
      rest.setErrorHandler((error, request, reply) => {
        noteRefused(process.services, request, error);
        const refused = isTooLarge(error) ? tooLarge(request) : error;
        const { status, headers, body } = toRestRefusal(refused, describedOf(request)?.names);
        if (status === 500) {
          const where = { url: request.url.split("?")[0], requestId: request.id };
          process.services.logger.error({ err: error, ...where }, "a request failed");
        }
        return reply.code(status).headers(headers).send(body);
      });
      for (const [path, table] of Map.groupBy(routes, (route) => route.path)) mountPath(rest, path, table, process);
      refuseAll(rest, "/*", METHODS, () => new DomainError("NOT_FOUND", "There is nothing at this address."));
    },
    { prefix: REST_PREFIX },
  );
}

/** Who is not known has been refused by their token, which was noted there. */
function noteRefused({ refusals }: Services, request: FastifyRequest, error: unknown): void {
  const caller = request.getDecorator<Caller | undefined>(CALLER);
  if (caller === undefined) return;
  const isHost = caller === "host";
  noteRefusal(refusals, { actorId: isHost ? null : caller.actor.id, isHost, via: viaOf(request, "rest") }, error);
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "FST_ERR_CTP_BODY_TOO_LARGE";

const KIB = 1_024;

function tooLarge({ routeOptions }: FastifyRequest): UnreadableBody {
  const kib = Math.floor((routeOptions.bodyLimit ?? 0) / KIB);
  const limit = kib < KIB ? `${kib} KiB` : `${Math.floor(kib / KIB)} MiB`;
  return new UnreadableBody(`What is sent at once can have at most ${limit}.`, 413);
}

function mountPath(rest: FastifyInstance, path: string, table: readonly Route[], process: RestServices): void {
  const methods = table.map(({ method }) => method);
  const others = METHODS.filter((method) => !methods.includes(method));
  const allowed = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"];
  for (const url of [path, `${path}/`].map((shown) => shown.replace("{id}", ":id"))) {
    for (const route of table) mountRoute(rest, url, route, process);
    refuseAll(rest, url, others, ({ method }) => new MethodNotAllowed(method, allowed));
  }
}

/** Whoever calls gets this answer, whatever they send. */
function refuseAll(
  rest: FastifyInstance,
  url: string,
  method: readonly Method[],
  refusal: (request: FastifyRequest) => Error,
): void {
  const refuse = async (request: FastifyRequest): Promise<never> => {
    throw refusal(request);
  };
  rest.route({ method: [...method], url, onRequest: refuse, handler: refuse });
}

function mountRoute(rest: FastifyInstance, url: string, route: Route, process: RestServices): void {
  rest.route({
    method: route.method,
    url,
    ...(route.caller === "host" ? { bodyLimit: MAX_HOST_BODY_BYTES } : {}),
    config: { described: route },
    async onRequest(request) {
      if ((callerOf(request) === "host") !== (route.caller === "host")) throw wrongCaller(route);
    },
    async handler(_request, reply) {
      const { status, headers = {}, body } = await ask(route, reply, process);
      return reply.code(status).headers(headers).send(body);
    },
  });
}

function wrongCaller({ caller }: Route): DomainError {
  const message =
    caller === "host"
      ? "Only the host product may do this, with its service token."
      : `The service token is for ${REST_PREFIX}/admin/ alone. For everything else use a person's token.`;
  return new DomainError("FORBIDDEN", message);
}

async function ask(route: Route, reply: FastifyReply, process: RestServices): Promise<Answer> {
  const { database, services, uploads } = process;
  const { request } = reply;
  const em = database.fork();
  const via = viaOf(request, "rest");
  if (route.caller === "host")
    return {
      status: 200,
      body: await route.run({ caller: "host", via, em, services }, namedRows(route, bodyOf(request))),
    };
  const caller = callerOf(request);
  if (caller === "host") throw wrongCaller(route);
  // Who asks over REST gets whole addresses, as there have always been.
  const files = { ...services.files, origin: originOf(request, services.files.origin) };
  const scope = { actor: caller.actor, via, em, services: { ...services, files } };
  const head = {
    id: idOf(request.params),
    query: givenOnce(request.query),
    headers: request.headers,
    url: new URL(request.originalUrl, files.origin),
  };
  const run = (body: unknown): Promise<Answer> => route.run(scope, { ...head, body });
  const { form } = route;
  if (form === undefined || !(request.body instanceof Readable)) return run(bodyOf(request));
  const begin = (): void => {
    route.requireHead(head);
    uploads.begin(caller.actor.id, reply.raw);
  };
  return withForm(request.raw, { files, file: form.file, begin, admit: (texts) => form.admit(scope, texts) }, run);
}

const bodyOf = ({ body }: FastifyRequest): unknown => (body === undefined ? {} : body);

/** Where the caller reaches this server: where everybody does, or where this one did. */
function originOf({ protocol, host }: FastifyRequest, publicOrigin: string): string {
  return publicOrigin === "" ? `${protocol}://${host}` : publicOrigin;
}

/** The host product's rows under their name, with the names that the verbs have for fields. */
function namedRows({ rows }: HostRoute, body: unknown): unknown {
  const isNamed = typeof body === "object" && body !== null && rows in body;
  return withCamelCase(isNamed ? body : { [rows]: body });
}
