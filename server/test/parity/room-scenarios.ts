import { bad, of, type Scenario } from "./scenario.js";
import { never } from "./stage.js";

const create = of("createRoom");
const rename = of("renameRoom");
const drop = of("deleteRoom");
const add = of("addParticipant");
const remove = of("removeParticipant");
const list = of("listRooms");
const get = of("getRoom");
const read = of("markRead");
const users = of("upsertUsers");
const projects = of("upsertProjects");
const revoke = of("revokeTokens");

const MANY = Array.from({ length: 1_001 }, () => never);

/** What can be done with rooms and with the people in them. */
export const roomScenarios: readonly Scenario[] = [
  create.does(
    "a group with people",
    ({ project, people }) => ({
      type: "group",
      name: "  New   group\n",
      projectId: project,
      participantIds: [people.jane, people.bob],
    }),
    { type: "group", name: "New group", displayName: "New group", unreadCount: 0, lastMessage: null },
  ),
  create.does(
    "a group for oneself, named twice",
    ({ project, people }) => ({
      type: "group",
      name: "Mine 🎉",
      projectId: project,
      participantIds: [people.john, people.john],
    }),
    { name: "Mine 🎉", participants: [{}] },
  ),
  create.does(
    "a direct room, whatever name it is given",
    ({ project, people }) => ({ type: "direct", name: "x", projectId: project, participantIds: [people.alice] }),
    { type: "direct", name: "", participants: [{}, {}] },
  ),
  create.does(
    "the direct room that there is",
    ({ project, people }) => ({ type: "direct", projectId: project, participantIds: [people.jane] }),
    { type: "direct", participants: [{}, {}] },
    { status: 200 },
  ),
  create.refuses(
    "a group without a name",
    ({ project }) => ({ type: "group", projectId: project, participantIds: [] }),
    bad("name"),
  ),
  create.refuses(
    "a name of nothing that is seen",
    ({ project }) => ({ type: "group", name: " \u202e\u0000 ", projectId: project, participantIds: [] }),
    bad("name"),
  ),
  create.refuses(
    "a name of 256 characters",
    ({ project }) => ({ type: "group", name: "😀".repeat(256), projectId: project, participantIds: [] }),
    bad("name"),
  ),
  create.refuses(
    "a direct room with nobody",
    ({ project }) => ({ type: "direct", projectId: project, participantIds: [] }),
    bad("participantIds"),
  ),
  create.refuses(
    "a direct room with oneself",
    ({ project, people }) => ({ type: "direct", projectId: project, participantIds: [people.john] }),
    bad("participantIds"),
  ),
  create.refuses(
    "a direct room with two others",
    ({ project, people }) => ({ type: "direct", projectId: project, participantIds: [people.jane, people.bob] }),
    bad("participantIds"),
  ),
  create.refuses(
    "with somebody of another project",
    ({ project, people }) => ({ type: "group", name: "x", projectId: project, participantIds: [people.dee] }),
    bad("participantIds"),
  ),
  create.refuses(
    "with somebody who never was",
    ({ project }) => ({ type: "group", name: "x", projectId: project, participantIds: [never] }),
    bad("participantIds"),
  ),
  create.refuses(
    "in another project",
    ({ other }) => ({ type: "group", name: "x", projectId: other, participantIds: [] }),
    "NOT_FOUND",
  ),
  create.refuses(
    "with more than a thousand people",
    ({ project }) => ({ type: "group", name: "x", projectId: project, participantIds: MANY }),
    "CONFLICT",
  ),

  rename.does("by its owner", ({ room }) => ({ roomId: room.id, name: " Renamed " }), { name: "Renamed" }),
  rename.refuses("by another participant", ({ room }) => ({ roomId: room.id, name: "x" }), "FORBIDDEN", {
    who: "jane",
  }),
  rename.refuses("of a direct room", ({ direct }) => ({ roomId: direct.id, name: "x" }), "CONFLICT"),
  rename.refuses("to nothing", ({ room }) => ({ roomId: room.id, name: " " }), bad("name")),
  rename.refuses("of nothing that ever was", () => ({ roomId: never.id, name: "x" }), "NOT_FOUND"),

  drop.does("by its owner", ({ room }) => ({ roomId: room.id })),
  drop.refuses("by another participant", ({ room }) => ({ roomId: room.id }), "FORBIDDEN", { who: "bob" }),
  drop.refuses("of a direct room", ({ direct }) => ({ roomId: direct.id }), "CONFLICT"),

  add.does("by its owner", ({ room, people }) => ({ roomId: room.id, userId: people.alice })),
  add.does(
    "by another participant",
    ({ room, people }) => ({ roomId: room.id, userId: people.gone }),
    {},
    { who: "jane" },
  ),
  add.does(
    "of somebody who is in it",
    ({ room, people }) => ({ roomId: room.id, userId: people.bob }),
    {},
    { status: 200 },
  ),
  add.refuses("to a direct room", ({ direct, people }) => ({ roomId: direct.id, userId: people.bob }), "CONFLICT"),
  add.refuses(
    "of somebody of another project",
    ({ room, people }) => ({ roomId: room.id, userId: people.dee }),
    bad("userId"),
  ),
  add.refuses("of somebody who never was", ({ room }) => ({ roomId: room.id, userId: never }), bad("userId")),

  remove.does("by its owner", ({ room, people }) => ({ roomId: room.id, userId: people.bob })),
  remove.does("of the one who looks on", ({ room, people }) => ({ roomId: room.id, userId: people.jane })),
  remove.does("of oneself", ({ room, people }) => ({ roomId: room.id, userId: people.jane }), {}, { who: "jane" }),
  remove.does("of the owner, whom another follows", ({ room, people }) => ({ roomId: room.id, userId: people.john })),
  remove.refuses(
    "of another by who is not the owner",
    ({ room, people }) => ({ roomId: room.id, userId: people.bob }),
    "FORBIDDEN",
    {
      who: "jane",
    },
  ),
  remove.refuses(
    "from a direct room",
    ({ direct, people }) => ({ roomId: direct.id, userId: people.jane }),
    "CONFLICT",
  ),
  remove.refuses(
    "of oneself from a direct room",
    ({ direct, people }) => ({ roomId: direct.id, userId: people.john }),
    "CONFLICT",
  ),
  remove.refuses(
    "of somebody who is not in it",
    ({ room, people }) => ({ roomId: room.id, userId: people.alice }),
    bad("userId"),
  ),
  remove.refuses(
    "of somebody who was removed before",
    ({ room, people }) => ({ roomId: room.id, userId: people.gone }),
    bad("userId"),
  ),

  list.does("all of one's own", () => ({}), { rooms: [{ name: "Group" }, {}, {}] }),
  list.does("of a project", ({ project }) => ({ projectId: project }), { rooms: [{}, {}, {}] }, { who: "jane" }),
  list.does("of a project that is not one's own", ({ other }) => ({ projectId: other }), { rooms: [] }),
  list.does("of a project that never was", () => ({ projectId: never }), { rooms: [] }),
  list.does("of somebody who is in none", ({ project }) => ({ projectId: project }), { rooms: [] }, { who: "alice" }),

  get.does("with what is unread", ({ room }) => ({ roomId: room.id }), { unreadCount: 2 }, { who: "bob" }),
  get.does("with the other's name", ({ direct }) => ({ roomId: direct.id }), { type: "direct", name: "" }),
  get.does("by a text of digits", ({ room }) => ({ roomId: String(room.id) }), { name: "Group" }),
  get.refuses("that never was", () => ({ roomId: never.id }), "NOT_FOUND"),

  read.does("up to the newest", ({ room }) => ({ roomId: room.id }), {}, { who: "bob" }),
  read.does("up to a message", ({ room, mine }) => ({ roomId: room.id, messageId: mine.id }), {}, { who: "bob" }),
  read.does("up to no message in particular", ({ room }) => ({ roomId: room.id, messageId: null }), {}, { who: "bob" }),
  read.does("what was read before", ({ room, mine }) => ({ roomId: room.id, messageId: mine.id }), {}, { who: "jane" }),
  read.refuses(
    "up to a message of another room",
    ({ room, far }) => ({ roomId: room.id, messageId: far.id }),
    "NOT_FOUND",
  ),

  users.does(
    "that are new",
    ({ people }) => ({ users: [{ id: `${people.john.hostId}-new`, username: "new", displayName: "New" }] }),
    { created: 1, changed: 0, unchanged: 0 },
    { who: "host" },
  ),
  users.does(
    "that are as they were",
    ({ people: { john } }) => ({
      users: [{ id: john.hostId, username: john.username, displayName: john.displayName }],
    }),
    { created: 0, changed: 0, unchanged: 1 },
    { who: "host" },
  ),
  users.refuses("by a person", () => ({ users: [] }), "FORBIDDEN"),
  users.refuses("without a name", () => ({ users: [{ id: "x" }] }), bad("users"), { who: "host" }),
  users.refuses(
    "twice",
    () => ({ users: [1, 1].map((id) => ({ id, username: "x", displayName: "X" })) }),
    bad("users"),
    { who: "host" },
  ),
  projects.does(
    "with other members",
    ({ project, people }) => ({ projects: [{ id: project.hostId, removeMemberIds: [people.bob.hostId] }] }),
    { created: 0, changed: 1, unchanged: 0 },
    { who: "host" },
  ),
  projects.refuses("by a person", () => ({ projects: [] }), "FORBIDDEN"),
  projects.refuses("that is new and has no name", () => ({ projects: [{ id: "never" }] }), bad("projects"), {
    who: "host",
  }),
  revoke.does(
    "one, and all of somebody's up to now",
    ({ people }) => ({ revocations: [{ tokenId: `jti of ${people.gone.hostId}` }, { userId: people.gone.hostId }] }),
    { revoked: 2 },
    { who: "host" },
  ),
  revoke.does(
    "that end by themselves soon, and somebody's who is not known",
    () => ({
      revocations: [
        { tokenId: "with an end", expiresAt: "2025-11-06T15:30:00Z" },
        { userId: "never", issuedBefore: "2025-11-06T15:30:00+01:00" },
      ],
    }),
    { revoked: 2 },
    { who: "host" },
  ),
  revoke.refuses("by a person", () => ({ revocations: [] }), "FORBIDDEN"),
  ...[
    {},
    { tokenId: "x", userId: "x" },
    { tokenId: "x", issuedBefore: "2025-11-06T15:30:00Z" },
    { userId: "x", expiresAt: "2025-11-06T15:30:00Z" },
    { userId: "x", issuedBefore: "2999-11-06T15:30:00Z" },
  ].map((row) =>
    revoke.refuses(`that say ${JSON.stringify(row)}`, () => ({ revocations: [row] }), bad("revocations"), {
      who: "host",
    }),
  ),
  list.refuses("by the host product", () => ({}), { code: "FORBIDDEN", ownWords: true }, { who: "host" }),
];
