import { memo, useCallback, useMemo } from "react";
import { useChat } from "../session/chat.context.js";
import type { RenderText } from "./markdown/markdown.js";
import { createMentionFinder, mentionName, type Mentioned } from "./mention.js";
import { MessageText } from "./message-text.js";

interface MentioningTextProps {
  readonly text: string;
  readonly mentions: readonly Mentioned[];
}

/** A message's text with the people in it as chips, under the names that they have now. */
export const MentioningText = memo(function MentioningText({ text, mentions }: MentioningTextProps) {
  const { me } = useChat();
  const find = useMemo(() => createMentionFinder(text, mentions), [text, mentions]);
  const renderText: RenderText = useCallback(
    (content) =>
      find(content).map((part, index) =>
        part.kind === "text" ? (
          part.text
        ) : (
          // The parts of one text never change places: their index is their identity.
          // A name's script says nothing of the message's direction.
          <bdi key={index} className="mention" data-own={part.user.id === me.id || undefined} title={part.text}>
            {mentionName(part.user)}
          </bdi>
        ),
      ),
    [find, me.id],
  );
  return <MessageText text={text} {...(mentions.length > 0 && { renderText })} />;
});
