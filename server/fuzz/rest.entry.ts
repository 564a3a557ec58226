import { z } from "zod";
import { requireRestAnswer } from "./answers.js";
import { anyJson, anyText, Choices, choices, mangled } from "./choices.js";
import { entry } from "./entry.js";
import { jsonOf } from "./json.js";

const anySchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});
const content = z.record(z.string(), z.object({ schema: z.unknown().optional() }));
const anyOperation = z.object({
  parameters: z.array(z.object({ name: z.string(), in: z.string(), schema: z.unknown().optional() })),
  requestBody: z.object({ content }).optional(),
});
const anyDocument = z.object({
  paths: z.record(z.string(), z.record(z.string(), anyOperation)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});
type Document = z.infer<typeof anyDocument>;

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isHost: boolean;
  readonly body?: string;
}

const IDS = [
  "§room§",
  "§message§",
  "1",
  "0",
  "-1",
  "1.5",
  "99999999999999999999",
  "x",
  "%00",
  "%ED%A0%80",
  "1%2F2",
] as const;
const NAMED: Readonly<Record<string, string>> = {
  ...{ room: "§room§", message_id: "§message§", project: "1", user_id: "2", emoji: "👍", type: "group" },
};

/** As it stands in an address or a header. */
const asText = (value: unknown): string => (typeof value === "string" ? value : jsonOf(value));

/** Makes calls out of what the OpenAPI document says of them. */
class CallMaker {
  constructor(
    private readonly document: Document,
    private readonly choose: Choices,
  ) {}

  make(): Call {
    const { choose } = this;
    const all = Object.entries(this.document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    );
    const { path, method, operation } = all[choose.number(all.length)] ?? {
      path: "/",
      method: "get",
      operation: { parameters: [] },
    };
    const query = this.parameters(operation, "query").map(
      ([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`,
    );
    const body = operation.requestBody?.content["application/json"]?.schema;
    const others = Object.fromEntries(
      this.parameters(operation, "header").map(([name, value]) => [name, value.replace(/[^ -~]/gu, "")]),
    );
    const place = path.replace("{id}", () =>
      choose.rarely(3) ? choose.of(IDS) : path.includes("rooms") ? "§room§" : "§message§",
    );
    return {
      method: choose.rarely(15)
        ? choose.of(["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"])
        : method.toUpperCase(),
      path: `${choose.rarely(8) ? place.replace(/\/$/, "") : place}${query.length > 0 ? `?${query.join("&")}` : ""}`,
      headers: choose.rarely(20)
        ? { ...others, "content-type": choose.of(["text/plain", "application/xml", "application/json; charset=x"]) }
        : others,
      isHost: path.includes("/admin/") !== choose.rarely(20),
      ...(body === undefined && !choose.rarely(10) ? {} : { body: this.body(body) }),
    };
  }

  private parameters({ parameters }: z.infer<typeof anyOperation>, place: string): readonly [string, string][] {
    const known = parameters.filter((each) => each.in === place && this.choose.rarely(2));
    const given = known.map(({ name, schema }): [string, string] => [name, asText(this.value(schema, name))]);
    const more = place === "query" && this.choose.rarely(10) ? [given[0] ?? ["x", "1"]] : [];
    return [...given, ...more] as [string, string][];
  }

  private body(schema: unknown): string {
    const text = jsonOf(this.choose.rarely(10) ? anyJson(this.choose) : this.value(schema, "body"));
    return this.choose.rarely(12) ? mangled(this.choose, text) : text;
  }

  private value(raw: unknown, name: string, depth = 0): unknown {
    const { choose } = this;
    if (choose.rarely(12) || depth > 6) return anyJson(choose);
    const schema = anySchema.parse(raw ?? {});
    if (schema.$ref !== undefined)
      return this.value(this.document.components.schemas[schema.$ref.split("/").at(-1) ?? ""], name, depth + 1);
    if (schema.anyOf !== undefined)
      return this.value(schema.anyOf[choose.number(schema.anyOf.length)], name, depth + 1);
    if (schema.enum !== undefined) return schema.enum[choose.number(schema.enum.length)];
    if (schema.properties !== undefined) {
      const given = Object.entries(schema.properties).filter(
        ([key]) => schema.required?.includes(key) === true || choose.rarely(2),
      );
      return Object.fromEntries(given.map(([key, part]) => [key, this.value(part, key, depth + 1)]));
    }
    if (schema.type === "array") return choose.list(3, () => this.value(schema.items, name, depth + 1));
    if (schema.type === "integer") return choose.of([1, 2, 100, 200, 0, -1, 2 ** 53]);
    if (schema.type === "boolean") return choose.rarely(2);
    return choose.rarely(3) ? anyText(choose) : (NAMED[name] ?? anyText(choose));
  }
}

/** Calls by the OpenAPI document, with any values. Numbers of the target's own are written as texts where they stand in JSON. */
export const rest = entry<Call>("rest", async (target) => {
  const document = anyDocument.parse(await (await fetch(`${target.url}/openapi.json`)).json());
  return {
    inputs: choices.map((numbers) => new CallMaker(document, new Choices(numbers)).make()),
    async send({ method, path, headers, isHost, body }) {
      const bare = method === "GET" || method === "HEAD" || body === undefined;
      const response = await fetch(`${target.url}${target.filled(path)}`, {
        method,
        headers: {
          authorization: `Bearer ${isHost ? target.serviceToken : target.token}`,
          ...(bare ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(bare ? {} : { body: target.filled(body) }),
      });
      if (response.status === 204 && method === "OPTIONS") return;
      await requireRestAnswer(response, method === "HEAD");
    },
  };
});
