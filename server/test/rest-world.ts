import { rm } from "node:fs/promises";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { z } from "zod";
import type { User } from "../features/directory/directory.js";
import { createInProcessPubSub } from "../platform/pubsub/in-process.js";
import { TestClock } from "./clock.js";
import { SERVICE_TOKEN, startTestServer, type TestServer } from "./server.js";
import { createWorld, openTestDatabase, silent, type World } from "./world.js";

export type Json = Readonly<Record<string, unknown>>;

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface RestRequest {
  readonly method?: string;
  /** Sent as JSON; a string, a form or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Who calls: a person, the host product, somebody with such a token, or somebody without one. */
export type RestCaller = User | "host" | { readonly token: string } | null;

/** A whole server over a small world, and a client that holds every answer against the OpenAPI document. */
export interface RestWorld {
  readonly world: World;
  readonly server: TestServer;
  readonly document: OpenApiDocument;
  call(caller: RestCaller, path: string, request?: RestRequest): Promise<RestAnswer>;
  /** Which answers were given so far, as `POST /api/chat/rooms/ 201`. */
  readonly seen: ReadonlySet<string>;
  close(): Promise<void>;
}

const openApiDocument = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        responses: z.record(
          z.string(),
          z.object({
            $ref: z.string().optional(),
            content: z.record(z.string(), z.object({ schema: z.unknown() })).optional(),
          }),
        ),
      }),
    ),
  ),
});
export type OpenApiDocument = z.infer<typeof openApiDocument>;

export async function startRestWorld(env: Record<string, string> = {}): Promise<RestWorld> {
  const parts = { database: await openTestDatabase(), pubsub: createInProcessPubSub(silent), clock: new TestClock() };
  const world = await createWorld(parts);
  // The same folder: what a verb stores, the server hands out.
  const server = await startTestServer({ ...parts, webRoot: import.meta.dirname }, { DATA_DIR: world.dataDir, ...env });
  const raw: unknown = await (await fetch(`${server.url}/openapi.json`)).json();
  const document = openApiDocument.parse(raw);
  const check = checkerOf(raw, document);
  const seen = new Set<string>();
  return {
    world,
    server,
    document,
    seen,
    async call(caller, path, { method = "GET", body, headers = {} } = {}) {
      const response = await fetch(new URL(path, server.url), {
        method,
        headers: { ...(await credentials(server, caller)), ...contentType(body), ...headers },
        ...(body === undefined ? {} : { body: bytesOf(body) }),
      });
      const text = await response.text();
      const answer = {
        status: response.status,
        headers: response.headers,
        body: text === "" ? undefined : parse(text),
      };
      seen.add(check(method, new URL(path, server.url).pathname, answer));
      return answer;
    },
    async close() {
      await world.feed.close();
      await server.close();
      await rm(world.dataDir, { recursive: true, force: true });
    },
  };
}

async function credentials(server: TestServer, caller: RestCaller): Promise<Record<string, string>> {
  if (caller === null) return {};
  const token = caller === "host" ? SERVICE_TOKEN : "token" in caller ? caller.token : await server.token(caller);
  return { authorization: `Bearer ${token}` };
}

const isPlain = (body: unknown): boolean =>
  typeof body !== "string" && !(body instanceof FormData) && !(body instanceof Uint8Array);

function contentType(body: unknown): Record<string, string> {
  return body !== undefined && (isPlain(body) || typeof body === "string")
    ? { "content-type": "application/json" }
    : {};
}

function bytesOf(body: unknown): string | FormData | Uint8Array<ArrayBuffer> {
  return isPlain(body) ? JSON.stringify(body) : (body as string | FormData | Uint8Array<ArrayBuffer>);
}

/** Whatever is no JSON is a fault of the answer's. */
function parse(text: string): unknown {
  return JSON.parse(text) as unknown;
}

/** Holds an answer against what the document says of it; throws what differs. Gives back the answer's name. */
function checkerOf(
  raw: unknown,
  document: OpenApiDocument,
): (method: string, path: string, answer: RestAnswer) => string {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "openapi", ...(raw as object) });
  const compiled = new Map<string, ValidateFunction>();
  const validatorAt = (pointer: string): ValidateFunction => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` });
    compiled.set(pointer, known);
    return known;
  };
  return (method, path, answer) => {
    const shown = Object.keys(document.paths).find((template) => matches(template, path));
    const operation = shown === undefined ? undefined : document.paths[shown]?.[method.toLowerCase()];
    const name = `${method} ${shown ?? path} ${answer.status}`;
    const pointer =
      shown === undefined || operation === undefined
        ? "/components/schemas/Detail"
        : schemaPointer({ shown, method, status: answer.status }, operation, name);
    if (pointer === undefined) {
      if (answer.body !== undefined) throw new Error(`${name} has content: ${JSON.stringify(answer.body)}`);
      return name;
    }
    const validate = validatorAt(pointer);
    if (!validate(answer.body))
      throw new Error(`${name} is ${JSON.stringify(answer.body)}: ${ajv.errorsText(validate.errors)}`);
    return name;
  };
}

const matches = (template: string, path: string): boolean =>
  new RegExp(`^${template.replace(/\/$/, "").replace("{id}", "[^/]*")}/?$`).test(path);

type Operation = OpenApiDocument["paths"][string][string];

function schemaPointer(
  { shown, method, status }: { readonly shown: string; readonly method: string; readonly status: number },
  { responses }: Operation,
  name: string,
): string | undefined {
  const response = responses[status];
  if (response === undefined) throw new Error(`The document has no ${name}.`);
  const own = ["paths", shown, method.toLowerCase(), "responses", String(status)].map(escape).join("/");
  const at = response.$ref?.slice(1) ?? `/${own}`;
  const hasContent = response.$ref !== undefined || response.content !== undefined;
  return hasContent ? `${at}/content/${escape("application/json")}/schema` : undefined;
}

const escape = (step: string): string => encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"));
