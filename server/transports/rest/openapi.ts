import { z } from "zod";
import type { ErrorCode } from "../../platform/errors.js";
import { httpStatus } from "../http.js";
import { Components, withSnakeCase, type Json } from "./components.js";
import { shownPath, type Described, type PersonRoute, type Route } from "./route.js";

const BEARER = { bearerAuth: [] };
const SERVICE = { serviceToken: [] };

/** What any call can be refused for. */
const ALWAYS = ["UNAUTHENTICATED", "RATE_LIMITED", "UNAVAILABLE", "INTERNAL_SERVER_ERROR"] as const;
/** What a call with a body can be refused for. */
const OF_BODIES = ["BAD_USER_INPUT", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"] as const;

const refusals: Readonly<Record<ErrorCode, string>> = {
  UNAUTHENTICATED: "No token, or one that is not valid.",
  FORBIDDEN: "The caller may see it, but not do this.",
  NOT_FOUND: "There is nothing with this number, or the caller may not see it.",
  BAD_USER_INPUT: "Something in the request is not as it should be.",
  CONFLICT: "It can't be done to this room, or a limit is reached.",
  IDEMPOTENCY_KEY_REUSED: "The key was used for another message.",
  PAYLOAD_TOO_LARGE: "The body or its file is too large.",
  UNSUPPORTED_MEDIA_TYPE: "The body is of a kind that is not taken, or its file is: `detail` has those that are.",
  RATE_LIMITED: "Too much at once. `Retry-After` says when to go on.",
  RESYNC_REQUIRED: "There is nothing to go on from.",
  UNAVAILABLE: "The database, or the storage of files, is away. `Retry-After` says when to try again.",
  INTERNAL_SERVER_ERROR: "A fault of ours. `x-request-id` is how to find it in the log.",
};

const responseOf = (code: string): string => `#/components/responses/${code}`;

/** The OpenAPI 3.1 document of these routes: made of the schemas that they validate with. */
export function describeRoutes(prefix: string, routes: readonly Route[]): Json {
  const components = new Components();
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = (paths[`${prefix}${shownPath(route)}`] ??= {});
    path[route.method.toLowerCase()] = operation(route, components);
  }
  const named = JSON.stringify(paths);
  return {
    openapi: "3.1.0",
    info: {
      title: "Parley",
      version: "1",
      summary: "Chat for the people of a project.",
      description:
        "Rooms, messages, participants and reactions, with our own numbers as ids. Every path is served without its last slash, too. Everything here can be done over GraphQL as well; what happens is heard there, or over the raw WebSocket.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: [
      { name: "rooms", description: "Conversations and who is in them." },
      { name: "messages", description: "What is said in them." },
      { name: "admin", description: "The host product's own calls." },
    ],
    paths,
    components: {
      schemas: components.schemas,
      responses: Object.fromEntries(
        Object.entries(refusals)
          .filter(([code]) => named.includes(`"${responseOf(code)}"`))
          .map(([code, description]) => [code, refusal(code, description)]),
      ),
      securitySchemes: {
        bearerAuth: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "A person's token." },
        serviceToken: { type: "http", scheme: "bearer", description: "The host product's own token, `SERVICE_TOKEN`." },
      },
    },
  };
}

function refusal(code: string, description: string): Json {
  const of = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
  const schema = code === "BAD_USER_INPUT" ? { anyOf: [of("Detail"), of("FieldErrors")] } : of("Detail");
  return { description, content: { "application/json": { schema } } };
}

function operation(route: Route, components: Components): Json {
  const [, tag = ""] = route.path.split("/");
  return {
    operationId: operationIdOf(route),
    tags: [tag],
    summary: route.summary,
    security: [route.caller === "host" ? SERVICE : BEARER],
    parameters: route.caller === "host" ? [] : parametersOf(route, components),
    ...bodyOf(route, components),
    responses: { ...answersOf(route, components), ...refusalsOf(route) },
  };
}

/** `GET /rooms/{id}` is `getRoomsId`. */
function operationIdOf({ method, path }: Described): string {
  const words = path.split(/[^a-z]+/).filter((word) => word !== "");
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join("");
}

function parametersOf({ path, parts }: PersonRoute, components: Components): readonly Json[] {
  const id = { name: "id", in: "path", required: true, schema: { type: "integer" }, description: "Its number." };
  return [
    ...(path.includes("{id}") ? [id] : []),
    ...parametersIn("query", parts.query, components),
    ...parametersIn("header", parts.headers, components),
  ];
}

function parametersIn(
  place: "query" | "header",
  part: z.ZodObject | undefined,
  components: Components,
): readonly Json[] {
  if (part === undefined) return [];
  const { properties, required } = components.takeObject(part);
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    return { name, in: place, required: required.includes(name), description, schema };
  });
}

function bodyOf(route: Route, components: Components): Json {
  if (route.caller === "host") {
    const named = withSnakeCase(components.take(route.input, "input"));
    return requestBody(true, { "application/json": { schema: named } });
  }
  const { body } = route.parts;
  if (body === undefined) return {};
  const required = components.takeObject(body).required.length > 0;
  const schema = components.take(body, "input");
  if (route.form === undefined) return requestBody(required, { "application/json": { schema } });
  const { [route.form.file]: _file, ...fields } = body.shape;
  const withoutFile = components.take(z.object(fields), "input");
  return requestBody(required, { "application/json": { schema: withoutFile }, "multipart/form-data": { schema } });
}

const requestBody = (required: boolean, content: Json): Json => ({ requestBody: { required, content } });

function answersOf({ answers, summary }: Route, components: Components): Json {
  return Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => {
      if (schema === null) return [status, { description: "Done." }];
      const content = { "application/json": { schema: components.take(schema, "output") } };
      return [status, { description: schema.description ?? summary, content }];
    }),
  );
}

function refusalsOf(route: Route): Json {
  const takesBody = route.caller === "host" || route.parts.body !== undefined;
  const wrongCaller = ["FORBIDDEN"] as const;
  const codes = new Set<ErrorCode>([...ALWAYS, ...wrongCaller, ...route.refuses, ...(takesBody ? OF_BODIES : [])]);
  return Object.fromEntries([...codes].map((code) => [httpStatus[code], { $ref: responseOf(code) }]));
}
