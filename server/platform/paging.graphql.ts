// TypeGraphQL looks for this before its first decorator runs; every type of the graph stands on this file.
import "reflect-metadata";
import { Directive, Field, ObjectType } from "type-graphql";
import type { PageInfoShape } from "./paging.js";

@ObjectType("PageInfo", { simpleResolvers: true, description: "Where a page stands in its list." })
@Directive("@shareable")
export class PageInfo implements PageInfoShape {
  @Field(() => Boolean, { description: "Whether there is more after this page." })
  readonly hasNextPage: boolean;

  @Field(() => Boolean, { description: "Whether there is more before this page." })
  readonly hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: "The cursor of the first item; null on an empty page." })
  readonly startCursor: string | null;

  @Field(() => String, { nullable: true, description: "The cursor of the last item; null on an empty page." })
  readonly endCursor: string | null;
}

/** The types of one Relay connection: `<name>Connection` and `<name>Edge`. */
export function connectionTypes(name: string, node: () => object, what: string) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One ${what} in a list, and its place there.` })
  class Edge {
    @Field(() => String, { description: "The place in the list: for `after` and `before`." })
    readonly cursor: string;

    @Field(node, { description: `The ${what}.` })
    readonly node: unknown;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of a list: each item a ${what}.` })
  class Connection {
    @Field(() => [Edge], { description: "The items with their cursors." })
    readonly edges: readonly Edge[];

    @Field(() => [node()], { description: "The items alone." })
    readonly nodes: readonly unknown[];

    @Field(() => PageInfo, { description: "Whether there is more." })
    readonly pageInfo: PageInfo;
  }
  return { Edge, Connection };
}
