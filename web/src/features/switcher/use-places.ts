import { useQuery } from "@apollo/client/react";
import { useDeferredValue, useMemo, useState } from "react";
import { useMatch } from "react-router";
import { ProjectMembers } from "../directory/project-members.graphql.js";
import { readRecentRooms } from "../rooms/recent-rooms.js";
import { useChat } from "../session/chat.context.js";
import type { ProjectMembersQuery, SwitcherRoomsQuery } from "../../gql/graphql.js";
import { rankPlaces, type PersonPlace, type Place, type RoomPlace } from "./places.js";
import { SwitcherRooms } from "./switcher.graphql.js";

type Room = SwitcherRoomsQuery["chatRooms"]["edges"][number]["node"];

function otherIn(room: Room, viewerId: string): Room["participants"][number]["user"] | undefined {
  return room.type === "DIRECT" ? room.participants.find(({ user }) => user.id !== viewerId)?.user : undefined;
}

function toRoomPlace(room: Room, viewerId: string): RoomPlace {
  const other = otherIn(room, viewerId);
  return {
    kind: "room",
    id: room.id,
    avatarId: other?.id ?? room.id,
    name: room.displayName,
    detail: other ? (other.chatUsername ?? "") : (room.project.chatName ?? ""),
    isDirect: room.type === "DIRECT",
    unreadCount: room.unreadCount,
    mentionCount: room.unreadMentionCount,
    updatedAt: room.updatedAt,
  };
}

/** Everybody of one's projects once, without those whom one has a direct room with. */
function peopleOf(projects: ProjectMembersQuery["chatProjects"], known: ReadonlySet<string>): PersonPlace[] {
  const people = new Map<string, PersonPlace>();
  for (const project of projects) {
    for (const { id, chatUsername, chatDisplayName } of project.chatMembers?.nodes ?? []) {
      if (known.has(id) || people.has(id)) continue;
      const name = chatDisplayName ?? chatUsername ?? id;
      people.set(id, { kind: "person", id, avatarId: id, name, detail: chatUsername ?? "", projectId: project.id });
    }
  }
  return [...people.values()];
}

/** Where one can go, as far as it fits what was typed. */
export function usePlaces(typed: string): readonly Place[] {
  const { me } = useChat();
  const openRoomId = useMatch("/rooms/:roomId/*")?.params.roomId ?? null;
  const [recentIds] = useState(() => readRecentRooms(me.id));
  const { data: rooms } = useQuery(SwitcherRooms);
  const query = useDeferredValue(typed.trim()) || null;
  const members = useQuery(ProjectMembers, { variables: { query } });
  const projects = (members.data ?? members.previousData)?.chatProjects;
  return useMemo(() => {
    const nodes = rooms?.chatRooms.edges.map((edge) => edge.node) ?? [];
    const known = new Set([me.id, ...nodes.flatMap((room) => otherIn(room, me.id)?.id ?? [])]);
    const places = [...nodes.map((room) => toRoomPlace(room, me.id)), ...peopleOf(projects ?? [], known)];
    return rankPlaces(places, { typed, recentIds, openRoomId });
  }, [rooms, projects, me.id, typed, recentIds, openRoomId]);
}
