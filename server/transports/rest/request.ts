import type { FastifyRequest } from "fastify";
import type { Caller } from "../authenticate.js";
import type { Described } from "./route.js";

/** Under which name a request has who calls. */
export const CALLER = "caller";

export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(CALLER);
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** The row of the table that a route of the REST shim stands for. */
    readonly described?: Described;
  }
}

/** The row of the table that a request is for; undefined where there is none. */
export function describedOf({ routeOptions }: FastifyRequest): Described | undefined {
  return routeOptions.config.described;
}

/** The number in the path, as it stands there. */
export function idOf(params: unknown): string {
  return typeof params === "object" && params !== null && "id" in params ? String(params.id) : "";
}

/** A query as Django reads it: the last of a name counts, and nothing is not given. */
export function givenOnce(query: unknown): Readonly<Record<string, unknown>> {
  const given = Object.entries(query ?? {}).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]);
  return Object.fromEntries(given.filter(([, value]) => value !== ""));
}
