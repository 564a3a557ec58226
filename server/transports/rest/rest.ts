import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { DomainError } from "../../platform/errors.js";
import type { Database } from "../../platform/orm.js";
import type { Services } from "../../platform/scope.js";
import type { Identify } from "../authenticate.js";
import { statusOfRequestFault } from "../http.js";
import { toRestRefusal } from "./errors.js";
import { withCamelCase } from "./names.js";
import { hostRoutes, type HostRoute } from "./routes.js";

/** What the process has for every request. */
export interface RestServices {
  readonly database: Database;
  readonly services: Services;
}

/** Ten thousand people are about one megabyte; a hundred thousand members several. */
const MAX_HOST_BODY_BYTES = 16 * 1024 * 1024;
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

const tooLarge = new DomainError("PAYLOAD_TOO_LARGE", "A list can have at most 16 MiB: send several.");

/** The host product's calls over REST. Who calls is asked before a body is read. */
export async function mountRest(app: FastifyInstance, identify: Identify, process: RestServices): Promise<void> {
  await app.register(async (rest) => {
    // Whatever is no JSON is 415, and not taken for text.
    rest.removeContentTypeParser("text/plain");
    rest.setErrorHandler((error, request, reply) => {
      const { status, headers, body } = toRestRefusal(statusOfRequestFault(error) === 413 ? tooLarge : error);
      if (status === 500)
        process.services.logger.error({ err: error, url: request.url.split("?")[0] }, "a request failed");
      return reply.code(status).headers(headers).send(body);
    });
    for (const route of hostRoutes) {
      for (const url of [route.path, `${route.path}/`]) {
        mountHostRoute(rest, { ...route, path: url }, identify, process);
        rest.route({ url, method: METHODS.filter((method) => method !== route.method), handler: refuseMethod(route) });
      }
    }
  });
}

function mountHostRoute(rest: FastifyInstance, route: HostRoute, identify: Identify, process: RestServices): void {
  rest.route({
    method: route.method,
    url: route.path,
    bodyLimit: MAX_HOST_BODY_BYTES,
    async onRequest(request) {
      if ((await identify(request.headers.authorization)) !== "host")
        throw new DomainError("FORBIDDEN", "Only the host product may do this, with its service token.");
    },
    async handler({ body }) {
      const { database, services } = process;
      const isNamed = typeof body === "object" && body !== null && route.rows in body;
      const input = withCamelCase(isNamed ? body : { [route.rows]: body });
      return route.verb({ caller: "host", em: database.fork(), services }, input);
    },
  });
}

const refuseMethod =
  ({ method }: HostRoute) =>
  (request: FastifyRequest, reply: FastifyReply) =>
    reply
      .code(405)
      .header("allow", method)
      .send({ detail: `Method "${request.method}" not allowed.` });
