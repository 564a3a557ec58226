import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isLeafType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from "graphql";
import { anyJson, anyText, mangled, type Choices } from "./choices.js";

/** An operation as a client would send it. */
export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const MAX_DEPTH = 5;

/** Makes operations of a schema: such as it allows, with any values. */
export class OperationMaker {
  private readonly declared: string[] = [];
  private readonly values: Record<string, unknown> = {};

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly choose: Choices,
  ) {}

  make(kinds: readonly ["query", "mutation", ...("query" | "mutation" | "subscription")[]]): Operation {
    const kind = this.choose.of(kinds);
    const root =
      kind === "query"
        ? this.schema.getQueryType()
        : kind === "mutation"
          ? this.schema.getMutationType()
          : this.schema.getSubscriptionType();
    const body = this.selection(root ?? undefined, 0);
    const declared = this.declared.length > 0 ? `(${this.declared.join(", ")})` : "";
    return { query: `${kind} ${declared} ${body}`, variables: this.values };
  }

  private selection(type: GraphQLNamedType | undefined, depth: number): string {
    if (type === undefined || isLeafType(type)) return "";
    if (isAbstractType(type)) {
      const parts = this.schema.getPossibleTypes(type).filter(() => !this.choose.rarely(3));
      const cases = parts.slice(0, 3).map((part) => `... on ${part.name} ${this.selection(part, depth + 1)}`);
      return `{ __typename ${cases.join(" ")} }`;
    }
    if (!isObjectType(type)) return "{ __typename }";
    const fields = Object.values(type.getFields()).filter(
      (field) => depth < MAX_DEPTH || isLeafType(getNamedType(field.type)),
    );
    const picked = [0, ...this.choose.list(3, (index) => index)].map(() => fields[this.choose.number(fields.length)]);
    const shown = [...new Set(picked)].flatMap((field) => (field === undefined ? [] : [this.field(field, depth)]));
    return `{ ${depth > 0 || shown.length === 0 ? "__typename " : ""}${shown.join(" ")} }`;
  }

  private field({ name, args, type }: GraphQLField<unknown, unknown>, depth: number): string {
    const given = args.filter((arg) => isNonNullType(arg.type) || this.choose.rarely(2));
    const texts = given.map((arg) => {
      const variable = `v${this.declared.length}`;
      this.declared.push(`$${variable}: ${String(arg.type)}`);
      this.values[variable] = this.value(arg.type, arg.name);
      return `${arg.name}: $${variable}`;
    });
    const called = texts.length > 0 ? `${name}(${texts.join(", ")})` : name;
    return `${called} ${this.selection(getNamedType(type), depth + 1)}`;
  }

  private value(type: GraphQLInputType, name: string): unknown {
    if (this.choose.rarely(12)) return anyJson(this.choose);
    if (!isNonNullType(type) && this.choose.rarely(4)) return null;
    const nullable = getNullableType(type);
    if (isListType(nullable)) return this.choose.list(3, () => this.value(nullable.ofType, name));
    if (isInputObjectType(nullable)) {
      const fields = Object.values(nullable.getFields());
      const given = fields.filter((field) => isNonNullType(field.type) || this.choose.rarely(2));
      return Object.fromEntries(given.map((field) => [field.name, this.value(field.type, field.name)]));
    }
    if (isEnumType(nullable)) return nullable.getValues()[this.choose.number(nullable.getValues().length)]?.name;
    return this.scalar(String(nullable), name);
  }

  private scalar(type: string, name: string): unknown {
    if (type === "Int") return this.choose.of([1, 2, 50, 100, 0, -1, 101, 2 ** 31 - 1]);
    if (type === "Boolean") return this.choose.rarely(2);
    if (type === "_Any")
      return {
        __typename: this.choose.of(["ChatRoom", "ChatMessage", "User", "Project", "X"]),
        id: anyText(this.choose),
      };
    return this.choose.rarely(3) ? anyText(this.choose) : (NAMED[name] ?? anyText(this.choose));
  }
}

/** What is mostly given where something has to be there. */
const NAMED: Readonly<Record<string, string>> = {
  ...{ id: "§room§", roomId: "§room§", messageId: "§message§", projectId: "§project§", userId: "§user§" },
  ...{ participantIds: "§user§", emoji: "👍", after: "§cursor§", clientMutationId: "§uuid§", around: "§message§" },
};

/** An operation that is well-formed more often than not. */
export function anyOperation(
  schema: GraphQLSchema,
  choose: Choices,
  kinds: Parameters<OperationMaker["make"]>[0] = ["query", "mutation", "subscription"],
): Operation {
  const made = new OperationMaker(schema, choose).make(kinds);
  if (!choose.rarely(4)) return made;
  return choose.rarely(3)
    ? { query: made.query, variables: Object.fromEntries([[anyText(choose), anyJson(choose)]]) }
    : { query: mangled(choose, made.query), variables: made.variables };
}
