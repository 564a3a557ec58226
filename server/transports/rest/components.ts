import { z } from "zod";
import { snakeCase } from "./names.js";

/** A JSON schema, or any other object of an OpenAPI document. */
export type Json = Readonly<Record<string, unknown>>;

const detail = {
  type: "object",
  description: "What is wrong.",
  properties: { detail: { type: "string" } },
  required: ["detail"],
  additionalProperties: false,
};
const fieldErrors = {
  type: "object",
  description: "What is wrong with each field, and under `non_field_errors` with none of them.",
  additionalProperties: { type: "array", items: { type: "string" }, minItems: 1 },
  minProperties: 1,
};

/** The schemas that a document names, gathered from those that it is made of. */
export class Components {
  readonly schemas: Record<string, unknown> = { Detail: detail, FieldErrors: fieldErrors };

  /** A zod schema as OpenAPI 3.1 has it: what has an id becomes a component, and a reference to it. */
  take(schema: z.ZodType, io: "input" | "output"): Json {
    const { $defs = {}, ...own } = parseMade(schema, io);
    for (const [name, definition] of Object.entries($defs)) this.schemas[name] = withoutId(definition);
    if (typeof own["id"] !== "string") return own;
    this.schemas[own["id"]] = withoutId(own);
    return { $ref: `#/components/schemas/${own["id"]}` };
  }

  /** The fields of an object that callers send. */
  takeObject(schema: z.ZodObject): { properties: Readonly<Record<string, Json>>; required: readonly string[] } {
    const { properties = {}, required = [] } = parseMade(schema, "input");
    return { properties, required };
  }
}

interface Made extends Json {
  readonly $defs?: Readonly<Record<string, Json>>;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
}

function parseMade(schema: z.ZodType, io: "input" | "output"): Made {
  const made = JSON.stringify(z.toJSONSchema(schema, { io, target: "draft-2020-12" }));
  const { $schema: _dialect, ...own } = JSON.parse(made.replaceAll("#/$defs/", "#/components/schemas/")) as Made;
  return own;
}

function withoutId({ id: _id, ...definition }: Json): Json {
  return definition;
}

/** The same schema with the names of all fields as REST writes them. */
export function withSnakeCase(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withSnakeCase);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, inner]: [string, unknown]) => {
      if (keyword === "required" && Array.isArray(inner)) return [keyword, inner.map(String).map(snakeCase)];
      if (keyword === "properties" && typeof inner === "object" && inner !== null)
        return [
          keyword,
          Object.fromEntries(Object.entries(inner).map(([name, of]) => [snakeCase(name), withSnakeCase(of)])),
        ];
      return [keyword, withSnakeCase(inner)];
    }),
  );
}
