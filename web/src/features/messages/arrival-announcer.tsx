import { i18n } from "@lingui/core";
import { useFragment } from "@apollo/client/react";
import type { FragmentType } from "@apollo/client/masking";
import { useEffect, useRef, useState } from "react";
import { graphql } from "../../gql/gql.js";
import type { AnnouncedMessageFragment } from "../../gql/graphql.js";
import { messageLine } from "../attachments/attachment-words.js";
import { useChat } from "../session/chat.context.js";

/** Speech is slower than a busy room: what comes in between is left to the feed. */
const ANNOUNCE_AT_MOST_EVERY_MS = 2_000;
const CHARACTERS_SPOKEN = 200;

const AnnouncedMessage = graphql(`
  fragment AnnouncedMessage on ChatMessage {
    id
    content
    type
    attachment {
      name
    }
    user {
      id
      chatDisplayName
    }
    mentions {
      id
      chatUsername
      chatDisplayName
    }
  }
`);

type Newest = FragmentType<AnnouncedMessageFragment> & { readonly id: string };

/** The one polite live region: says what others write while the room is open. The feed itself stays silent. */
export function ArrivalAnnouncer({ newest }: { readonly newest: Newest | null }) {
  const { me } = useChat();
  const { data, complete } = useFragment({ fragment: AnnouncedMessage, from: newest });
  const [spoken, setSpoken] = useState({ id: "", text: "" });
  const known = useRef(newest?.id ?? null);
  const nextAtMs = useRef(0);
  const message = complete ? data : null;
  const text =
    message && message.user.id !== me.id
      ? `${message.user.chatDisplayName ?? i18n.t("Deleted user")}: ${messageLine(message).slice(0, CHARACTERS_SPOKEN)}`
      : null;
  const id = message?.id ?? null;
  useEffect(() => {
    if (id === null || id === known.current) return;
    // Replaced by a newer one before its turn, it is never said.
    const timer = setTimeout(
      () => {
        known.current = id;
        nextAtMs.current = Date.now() + ANNOUNCE_AT_MOST_EVERY_MS;
        if (text !== null) setSpoken({ id, text });
      },
      Math.max(0, nextAtMs.current - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [id, text]);
  return (
    <div className="visually-hidden" aria-live="polite" data-testid="announcer">
      {/* The same words once more are to be heard once more. */}
      <span key={spoken.id}>{spoken.text}</span>
    </div>
  );
}
