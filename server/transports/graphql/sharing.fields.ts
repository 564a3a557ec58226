import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";

/**
 * For every field of what events lead to: whether it is the same for all participants of the room that the event is of.
 *
 * - `same`: it is, or is for all but those whom `differsFor` names.
 * - `idAlone`: it is as long as nothing but its `id` is asked for.
 * - `differs`: it depends on who asks, or leads out of the room. What it leads to needs no decision.
 */
interface Decisions {
  readonly same?: readonly string[];
  readonly idAlone?: readonly string[];
  readonly differs?: readonly string[];
}

const onlyPlace: Decisions = { same: ["cursor", "seq"] };
const ofReaction: Decisions = { same: ["cursor", "seq", "roomId", "messageId", "reaction", "group"] };
const ofParticipant: Decisions = { same: ["cursor", "seq", "roomId", "participant", "owner", "room"] };
const ofPerson: Decisions = { same: ["cursor", "seq", "user"] };

/** Documents are shared only if everything that they select is `same` here; a test asks for every field. */
export const decisions: Readonly<Record<string, Decisions>> = {
  ChatRoomEvent: onlyPlace,
  ChatEvent: onlyPlace,
  ChatMessageSent: { same: ["cursor", "seq", "message", "room"] },
  ChatMessageEdited: { same: ["cursor", "seq", "message"] },
  ChatMessageDeleted: { same: ["cursor", "seq", "roomId", "messageId", "lastMessage"] },
  ChatReactionAdded: ofReaction,
  ChatReactionRemoved: ofReaction,
  ChatParticipantAdded: ofParticipant,
  ChatParticipantRemoved: ofParticipant,
  ChatRoomChanged: { same: ["cursor", "seq", "room"] },
  ChatRoomDeleted: { same: ["cursor", "seq", "roomId"] },
  ChatRoomRead: { same: ["cursor", "seq", "roomId", "userId", "lastReadAt", "lastReadMessageId", "unread"] },
  ChatTypingChanged: { same: ["cursor", "seq", "roomId", "user", "isTyping"] },
  ChatPresenceChanged: ofPerson,
  ChatUserChanged: ofPerson,
  ChatSubscriptionReady: { same: ["cursor", "seq", "heads"] },
  ChatStreamHead: { same: ["roomId", "cursor", "seq"] },
  // An event of a participant has the newest message as it is now, for those who are still in the room.
  ChatRoomActivity: { same: ["id", "updatedAt"], differs: ["lastMessage"] },
  ChatReactionCount: { same: ["emoji", "count"] },
  // Null but in the viewer's own stream.
  ChatUnread: { same: ["headSeq", "unreadCount", "unreadMentionCount"] },
  ChatMessage: {
    same: [
      "id",
      "content",
      "type",
      "attachment",
      "editedAt",
      "isDeleted",
      "createdAt",
      "updatedAt",
      "user",
      "mentions",
      "isEdited",
      // Null but for its author, for whom the event differs.
      "clientMutationId",
    ],
    idAlone: ["room"],
    differs: ["reactions", "reactionGroups"],
  },
  // Addresses are signed for the room, not for a person.
  ChatAttachment: { same: ["name", "size", "width", "height", "contentType", "url", "thumbnailUrl"] },
  MessageReaction: { same: ["id", "emoji", "createdAt", "user"], differs: ["message"] },
  ChatParticipant: { same: ["id", "joinedAt", "lastReadAt", "user", "lastReadMessageId"] },
  ChatRoom: {
    same: ["id", "name", "type", "createdAt", "updatedAt", "createdBy", "owner"],
    differs: [
      "project",
      "participants",
      "unreadCount",
      "unreadMentionCount",
      "headCursor",
      "headSeq",
      "displayName",
      "lastMessage",
      "messages",
    ],
  },
  User: { same: ["id", "chatUsername", "chatDisplayName", "chatPresence"] },
};

/** Events of the viewer's own stream, which is nobody else's: what is selected of them is never made for others. */
export const ownEvents: ReadonlySet<string> = new Set(["ChatRoomJoined", "ChatRoomLeft"]);

/**
 * Whether everybody in a room gets the same by this subscription. It fails closed: what is not known to be the same is
 * not, nor is anything that depends on variables beyond where it starts.
 */
export function isShareable(
  schema: GraphQLSchema,
  document: DocumentNode,
  { directives = [], selectionSet }: OperationDefinitionNode,
): boolean {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const walk = new Walk(schema, fragments);
  const root = schema.getSubscriptionType();
  return directives.length === 0 && isObjectType(root) && walk.isSameIn(selectionSet, root);
}

class Walk {
  /** Each is looked at once, however often it is spread. */
  private readonly seen = new Set<string>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  ) {}

  isSameIn({ selections }: SelectionSetNode, type: GraphQLCompositeType): boolean {
    return selections.every((selection) => this.isSame(selection, type));
  }

  private isSame(selection: SelectionNode, type: GraphQLCompositeType): boolean {
    if ((selection.directives ?? []).length > 0) return false;
    if (selection.kind === Kind.FIELD) return this.isSameField(selection, type);
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return this.isSameOf(selection.typeCondition?.name.value ?? type.name, selection.selectionSet);
    const name = selection.name.value;
    if (this.seen.has(name)) return true;
    this.seen.add(name);
    const fragment = this.fragments.get(name);
    return fragment !== undefined && this.isSameOf(fragment.typeCondition.name.value, fragment.selectionSet);
  }

  private isSameOf(typeName: string, selectionSet: SelectionSetNode): boolean {
    const type = this.schema.getType(typeName);
    return ownEvents.has(typeName) || (isCompositeType(type) && this.isSameIn(selectionSet, type));
  }

  private isSameField(
    { name: { value: name }, arguments: args = [], selectionSet }: FieldNode,
    type: GraphQLCompositeType,
  ) {
    if (name === "__typename") return true;
    if (!isObjectType(type) && !isInterfaceType(type)) return false;
    const isRoot = type === this.schema.getSubscriptionType();
    const { same = [], idAlone = [] } = decisions[type.name] ?? {};
    if (idAlone.includes(name)) return args.length === 0 && asksForIdAlone(selectionSet);
    if (!isRoot && (args.length > 0 || !same.includes(name))) return false;
    if (selectionSet === undefined) return true;
    const of = getNamedType(type.getFields()[name]?.type);
    return isCompositeType(of) && this.isSameIn(selectionSet, of);
  }
}

function asksForIdAlone(selectionSet: SelectionSetNode | undefined): boolean {
  return (selectionSet?.selections ?? []).every(
    (selection) =>
      selection.kind === Kind.FIELD &&
      ["id", "__typename"].includes(selection.name.value) &&
      (selection.directives ?? []).length === 0,
  );
}
