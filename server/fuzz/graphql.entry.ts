import { createSchema } from "../transports/graphql/schema.js";
import { requireGraphqlAnswer } from "./answers.js";
import { anyJson, anyText, Choices, choices, mangled } from "./choices.js";
import { entry } from "./entry.js";
import { anyOperation } from "./graphql.inputs.js";
import { jsonOf } from "./json.js";

interface Request {
  readonly method: "GET" | "POST" | "PUT";
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const { schema } = createSchema();
const KINDS = [
  "application/json",
  "application/json",
  "application/graphql+json",
  "text/plain",
  "application/x-www-form-urlencoded",
] as const;

function anyRequest(choose: Choices): Request {
  const operation = anyOperation(schema, choose);
  const body = choose.rarely(10)
    ? anyJson(choose)
    : { ...operation, ...(choose.rarely(8) ? { operationName: anyText(choose), extensions: anyJson(choose) } : {}) };
  if (choose.rarely(6)) {
    const given = {
      query: operation.query,
      variables: jsonOf(operation.variables),
      ...(choose.rarely(3) ? { operationName: anyText(choose) } : {}),
    };
    const query = `?${new URLSearchParams(Object.entries(given).map(([name, value]): [string, string] => [name, value.toWellFormed()])).toString()}`;
    return { method: "GET", query: query.slice(0, 8_000), headers: { "apollo-require-preflight": "1" } };
  }
  const text = jsonOf(body);
  const kind = choose.rarely(12) ? choose.of(KINDS) : "application/json";
  const sent = choose.rarely(10) ? mangled(choose, text) : text;
  return { method: choose.rarely(40) ? "PUT" : "POST", query: "", headers: { "content-type": kind }, body: sent };
}

/** Operations over HTTP: by the schema and mangled, by POST and GET. */
export const graphql = entry<Request>("graphql", async (target) => ({
  inputs: choices.map((numbers) => anyRequest(new Choices(numbers))),
  async send({ method, query, headers, body }) {
    const response = await fetch(`${target.url}/graphql${target.filled(query)}`, {
      method,
      headers: { authorization: `Bearer ${target.token}`, ...headers },
      ...(body === undefined ? {} : { body: target.filled(body) }),
    });
    await requireGraphqlAnswer(response);
  },
}));
