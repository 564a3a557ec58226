import { i18n } from "@lingui/core";
import { useFragment } from "@apollo/client/react";
import { RoomTyping } from "./typing.cache.js";

/** The names of those who are typing in a room now. */
export function useTypingNames(roomId: string): readonly string[] {
  const { data } = useFragment({ fragment: RoomTyping, from: `ChatRoom:${roomId}` });
  return (data.typingUsers ?? []).map((user) => user?.chatDisplayName ?? i18n.t("Someone"));
}
