import { i18n } from "@lingui/core";
import { useEffect } from "react";
import { useNavigate } from "react-router";
import { isWindowActive, useWindowActive } from "../../ui/use-window-active.js";
import { useChat, type Attention } from "../session/chat.context.js";
import { notificationSetting } from "./notification-setting.js";

const CHARACTERS_SHOWN = 200;

/** Held by every tab that somebody looks at, so that the others keep quiet. */
const lockName = (userId: string): string => `parley.looking.${userId}`;

function useLookingLock(userId: string): void {
  const isActive = useWindowActive();
  useEffect(() => {
    // Only pages that came over TLS, or from this machine, have locks.
    if (!isActive || !("locks" in navigator)) return;
    const end = Promise.withResolvers<void>();
    void navigator.locks.request(lockName(userId), { mode: "shared" }, () => end.promise);
    return () => end.resolve();
  }, [isActive, userId]);
}

async function isSomebodyLooking(userId: string): Promise<boolean> {
  if (isWindowActive()) return true;
  if (!("locks" in navigator)) return false;
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === lockName(userId));
}

function show({ author, roomName, messageId, text }: Attention, onOpen: () => void): void {
  const title = roomName === null ? author : i18n.t("{author} in {room}", { author, room: roomName });
  const options = {
    body: text.slice(0, CHARACTERS_SHOWN),
    tag: `parley.message.${messageId}`,
    icon: "/favicon.svg",
  };
  try {
    // The tag: several tabs tell of one message once.
    const notification = new Notification(title, options);
    notification.onclick = () => {
      window.focus();
      notification.close();
      onOpen();
    };
  } catch {
    // Some phones have the constructor and refuse it.
  }
}

/** Tells on the desktop of mentions and direct messages that come while nobody looks, if that was asked for. */
export function DesktopNotifications() {
  const { me, attention } = useChat();
  const navigate = useNavigate();
  useLookingLock(me.id);
  useEffect(
    () =>
      attention.subscribe(() => {
        const message = attention.get();
        if (!message || notificationSetting.state.get() !== "on") return;
        const open = (): void => void navigate(`/rooms/${message.roomId}/messages/${message.messageId}`);
        void isSomebodyLooking(me.id).then((isLooking) => isLooking || show(message, open));
      }),
    [attention, me.id, navigate],
  );
  return null;
}
