import { Ctx, FieldResolver, registerEnumType, Resolver, Root } from "type-graphql";
import type { UserId } from "../../platform/ids.js";
import type { LoaderDefinition, MaybePromise } from "../../platform/loaders.js";
import type { Operation } from "../../platform/operation.js";
import { userAhead, UserType, type GraphUser } from "../directory/directory.graphql.js";
import { presenceOf } from "./presence.queries.js";
import type { Presence } from "./presence.js";

/** GraphQL's names for presence. */
export enum PresenceEnum {
  ONLINE = "online",
  OFFLINE = "offline",
  UNKNOWN = "unknown",
}
registerEnumType(PresenceEnum, {
  name: "ChatPresence",
  description: "Whether somebody has a connection open.",
  valuesConfig: {
    ONLINE: { description: "Connected just now." },
    OFFLINE: { description: "Not connected." },
    UNKNOWN: { description: "It can't be told at the moment." },
  },
});

const presenceLoader: LoaderDefinition<UserId, Presence> = {
  batch: ({ services }, ids) => presenceOf(services.leases, ids),
};

userAhead.field("chatPresence", (loaders, users) =>
  loaders.loadAll(
    presenceLoader,
    users.map(({ id }) => id),
  ),
);

@Resolver(() => UserType)
export class PresenceResolver {
  @FieldResolver(() => PresenceEnum, {
    nullable: true,
    description: "Whether they are connected. Null when the viewer may not know this person.",
  })
  chatPresence(@Ctx() { loaders }: Operation, @Root() user: GraphUser): MaybePromise<Presence> | null {
    return "id" in user ? loaders.load(presenceLoader, user.id) : null;
  }
}
