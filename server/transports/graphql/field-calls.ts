import { GraphQLObjectType, type GraphQLFieldResolver, type GraphQLSchema } from "graphql";
import { getMetadataStorage } from "type-graphql";
import type { Operation } from "../../platform/operation.js";

type Resolve = GraphQLFieldResolver<unknown, Operation, Readonly<Record<string, unknown>>>;
type Metadata = ReturnType<typeof getMetadataStorage>["fieldResolvers"][number];
type Param = NonNullable<Metadata["params"]>[number];
type Method = (...params: readonly unknown[]) => unknown;

/**
 * Calls the methods of fields without what TypeGraphQL does anew for each object: it sorts their parameters, and makes a
 * promise of every argument, and with it of everything above. What a method takes is known beforehand, and a page has
 * thousands of fields. Those that take a class of arguments are left to TypeGraphQL, which makes one of them.
 */
export function callFieldsDirectly(schema: GraphQLSchema): void {
  const { objectTypes, fieldResolvers } = getMetadataStorage();
  const names = new Map(objectTypes.map(({ target, name }) => [target, name]));
  const resolvers = new Map<Metadata["target"], object>();
  for (const { target, methodName, schemaName, params = [], middlewares = [], kind, getObjectType } of fieldResolvers) {
    const owner = kind === "external" && middlewares.length === 0 ? getObjectType?.() : undefined;
    const type = owner && schema.getType(names.get(owner) ?? "");
    const field = type instanceof GraphQLObjectType ? type.getFields()[schemaName] : undefined;
    const reads: readonly (Resolve | undefined)[] = params
      .toSorted((left, right) => left.index - right.index)
      .map(readOf);
    if (field === undefined || !areKnown(reads)) continue;
    const resolver = resolvers.get(target) ?? parseResolver(Reflect.construct(target, []));
    resolvers.set(target, resolver);
    const method = parseMethod(Reflect.get(resolver, methodName)).bind(resolver);
    field.resolve = callWith(method, reads);
  }
}

/** A list of parameters, made anew for each field of each object, would cost more than most methods: few take more than two. */
function callWith(method: Method, reads: readonly Resolve[]): Resolve {
  const [first, second] = reads;
  if (first === undefined) return () => method();
  if (second === undefined) return (source, args, context, info) => method(first(source, args, context, info));
  if (reads.length > 2) return (...call) => method(...reads.map((read) => read(...call)));
  return (source, args, context, info) =>
    method(first(source, args, context, info), second(source, args, context, info));
}

/** One parameter of a method out of what GraphQL hands to a resolver; undefined for what only TypeGraphQL can make. */
function readOf(param: Param): Resolve | undefined {
  switch (param.kind) {
    case "root":
      return param.propertyName === undefined ? (source) => source : undefined;
    case "context":
      return param.propertyName === undefined ? (_source, _args, context) => context : undefined;
    case "info":
      return (_source, _args, _context, info) => info;
    case "arg":
      return isClass(param.getType()) ? undefined : (_source, args) => args[param.name];
    case "args":
    case "custom":
    case "pubSub":
      return undefined;
  }
}

/** Whether arguments of this type become objects of a class of ours. */
function isClass(type: unknown): boolean {
  return getMetadataStorage().inputTypes.some(({ target }) => target === type);
}

function areKnown(reads: readonly (Resolve | undefined)[]): reads is readonly Resolve[] {
  return !reads.includes(undefined);
}

/** TypeGraphQL knows its resolvers as functions of no type. */
function parseResolver(resolver: unknown): object {
  return resolver as object;
}

function parseMethod(method: unknown): Method {
  return method as Method;
}
