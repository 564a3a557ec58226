import { i18n } from "@lingui/core";
import { badgeText } from "../../ui/badge-text.js";

interface BadgeProps {
  readonly text: string;
  readonly words: string;
  readonly isMention?: boolean;
}

function Badge({ text, words, isMention = false }: BadgeProps) {
  return (
    <span className="badge" data-mention={isMention || undefined}>
      <span className="visually-hidden">{words}</span>
      <span aria-hidden>{text}</span>
    </span>
  );
}

interface UnreadBadgesProps {
  readonly unread: number;
  readonly mentions: number;
}

/** How much of a room is unread, and in how much of that the viewer is mentioned. */
export function UnreadBadges({ unread, mentions }: UnreadBadgesProps) {
  return (
    <>
      {mentions > 0 && (
        <Badge
          isMention
          text={`@${badgeText(mentions)}`}
          words={i18n.t("{count, plural, one {# mention} other {# mentions}}", { count: mentions })}
        />
      )}
      <Badge text={badgeText(unread)} words={i18n.t("{count, number} unread", { count: unread })} />
    </>
  );
}
