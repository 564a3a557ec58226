import { buildSubgraphSchema, printSubgraphSchema, type GraphQLResolverMap } from "@apollo/subgraph";
import { isScalarType, lexicographicSortSchema, parse, type GraphQLSchema } from "graphql";
import { buildSchemaSync, createResolversMap, type PubSub } from "type-graphql";
import { AttachmentResolver } from "../../features/attachments/attachment.graphql.js";
import { ProjectResolver, UserResolver } from "../../features/directory/directory.graphql.js";
import {
  MessageResolver,
  ParticipantMessagesResolver,
  RoomMessagesResolver,
} from "../../features/messages/message.graphql.js";
import { MessageChangesResolver } from "../../features/messages/message-changes.graphql.js";
import { PresenceResolver } from "../../features/presence/presence.graphql.js";
import {
  MessageReactionsResolver,
  ReactionChangesResolver,
  ReactionGroupResolver,
  ReactionResolver,
} from "../../features/reactions/reaction.graphql.js";
import { ReceiptResolver } from "../../features/receipts/receipt.graphql.js";
import { HostResolver } from "../../features/rooms/host.graphql.js";
import { ParticipantResolver } from "../../features/rooms/participant.graphql.js";
import { RoomChangesResolver } from "../../features/rooms/room-changes.graphql.js";
import { RoomResolver } from "../../features/rooms/room.graphql.js";
import { ProjectRoomsResolver, RoomListResolver } from "../../features/rooms/room-list.graphql.js";
import { SearchResolver } from "../../features/search/search.graphql.js";
import { SessionResolver } from "../../features/sessions/revocation.graphql.js";
import { TypingResolver } from "../../features/typing/typing.graphql.js";
import { references, requireEntities } from "./references.js";
import type { Operation } from "../../platform/operation.js";
import { isPlainlyIsoTime } from "../../platform/time.js";
import * as eventTypes from "./event-types.graphql.js";
import { EventsResolver } from "./events.graphql.js";
import { endInTime } from "./end-in-time.js";
import { callFieldsDirectly } from "./field-calls.js";

const FEDERATION_LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])`;

/** Subscriptions come from the feed; nothing may publish past it. */
const noPubSub: PubSub = {
  publish: () => refusePubSub(),
  subscribe: () => refusePubSub(),
};

function refusePubSub(): never {
  throw new Error("Events are emitted by verbs and followed through the feed.");
}

export interface SubgraphSchema {
  /** The one executable schema, for HTTP, WebSocket and `_entities`. */
  readonly schema: GraphQLSchema;
  /** What `schema.graphql` holds. */
  readonly sdl: string;
}

/** Puts the resolvers of all features together as a federation 2 subgraph. */
export function createSchema(): SubgraphSchema {
  const plain = buildSchemaSync({
    resolvers: [
      UserResolver,
      ProjectResolver,
      RoomResolver,
      RoomListResolver,
      ProjectRoomsResolver,
      RoomChangesResolver,
      ParticipantResolver,
      AttachmentResolver,
      MessageResolver,
      RoomMessagesResolver,
      ParticipantMessagesResolver,
      MessageChangesResolver,
      ReactionResolver,
      ReactionGroupResolver,
      MessageReactionsResolver,
      ReactionChangesResolver,
      ReceiptResolver,
      SearchResolver,
      TypingResolver,
      PresenceResolver,
      HostResolver,
      SessionResolver,
      EventsResolver,
    ],
    orphanedTypes: Object.values(eventTypes),
    pubSub: noPubSub,
    validate: false,
  });
  describeRoots(plain);
  callFieldsDirectly(plain);
  const sdl = `${FEDERATION_LINK}\n\n${printSubgraphSchema(lexicographicSortSchema(plain))}\n`;
  const resolvers: Record<string, object> = { ...createResolversMap(plain) };
  for (const [typeName, resolveReference] of Object.entries(references))
    resolvers[typeName] = { ...resolvers[typeName], __resolveReference: resolveReference };
  // The library would print its own definitions along with ours: who composes gets what is committed.
  resolvers.Query = { ...resolvers.Query, _service: () => ({ sdl }) };
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: parseResolverMap(resolvers) }]);
  forgetAfterMutations(schema);
  checkRepresentations(schema);
  endInTime(schema);
  passTimesOn(schema);
  return { schema, sdl };
}

/** TypeGraphQL has no place for it. */
function describeRoots(schema: GraphQLSchema): void {
  const described = [
    { type: schema.getQueryType(), description: "What the viewer can ask." },
    { type: schema.getMutationType(), description: "What the viewer can do." },
    { type: schema.getSubscriptionType(), description: "What the viewer can follow." },
  ];
  for (const { type, description } of described) if (type) type.description = description;
}

/** What was read before a root mutation (while the one before it was answered, too) is no longer true. */
function forgetAfterMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve } = field;
    if (resolve === undefined) continue;
    field.resolve = async (source, args, context: Operation, info) => {
      const change = async (): Promise<unknown> => resolve(source, args, context, info);
      context.forget();
      const result = await (context.deadline?.finish(change) ?? change());
      context.forget();
      return result;
    };
  }
}

/** Our times have the form already that their scalar gives them. Whatever has not, it looks at. */
function passTimesOn(schema: GraphQLSchema): void {
  const time = schema.getType("DateTime");
  if (!isScalarType(time)) throw new Error("There are no times.");
  const serialize = time.serialize.bind(time);
  time.serialize = (value) => (typeof value === "string" && isPlainlyIsoTime(value) ? value : serialize(value));
}

/** `_entities` takes anything for an entity: the type of its argument is a scalar without a form. */
function checkRepresentations(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()._entities;
  const resolve = field?.resolve;
  if (field === undefined || resolve === undefined) throw new Error("There are no entities.");
  field.resolve = (source, args: { readonly representations: readonly unknown[] }, context, info) => {
    requireEntities(args.representations);
    return resolve(source, args, context, info);
  };
}

/** The two libraries describe the same resolver maps by different types. */
function parseResolverMap(map: object): GraphQLResolverMap<unknown> {
  return map as GraphQLResolverMap<unknown>;
}
