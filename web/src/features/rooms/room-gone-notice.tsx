import { i18n } from "@lingui/core";
import { useEffect } from "react";
import { useMatch, useNavigate } from "react-router";
import { useChat } from "../session/chat.context.js";
import { notices } from "../../ui/notices.js";

/** When a room is lost: closes it if it is open, and says why. */
export function RoomGoneNotice() {
  const { gone, leaving } = useChat();
  const navigate = useNavigate();
  const openRoomId = useMatch("/rooms/:roomId/*")?.params.roomId;
  useEffect(
    () =>
      gone.subscribe(() => {
        const room = gone.get();
        if (!room) return;
        if (room.roomId === openRoomId) void navigate("/", { replace: true });
        if (leaving.delete(room.roomId)) return;
        const words =
          room.reason === "deleted"
            ? i18n.t("“{name}” was deleted.", { name: room.name })
            : i18n.t("“{name}” is no longer open to you: you were removed from it, or it was deleted.", {
                name: room.name,
              });
        notices.info(words, 6);
      }),
    [gone, leaving, navigate, openRoomId],
  );
  return null;
}
