import type { FastifyInstance } from "fastify";
import { describeRoutes } from "./openapi.js";
import { REST_PREFIX } from "./rest.js";
import { routes } from "./routes.js";

/** The OpenAPI document of all that is there over REST, at `/openapi.json`. Whoever may not call may read it. */
export function mountOpenApi(app: FastifyInstance): void {
  const document = JSON.stringify(describeRoutes(REST_PREFIX, routes));
  app.get("/openapi.json", (_request, reply) => reply.type("application/json; charset=utf-8").send(document));
}
