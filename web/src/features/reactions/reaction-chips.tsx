import { i18n } from "@lingui/core";
import { useChat } from "../session/chat.context.js";
import type { ReactionGroup } from "./reaction.cache.js";
import { usePartTabIndex } from "../../ui/row-parts.js";
import { useReact } from "./use-react.js";
import { inLanguage } from "../../ui/in-language.js";

const list = inLanguage((locale) => new Intl.ListFormat(locale));

/** `You, Jane Smith and 3 others`. */
export function reactionNames(group: ReactionGroup, viewerId: string): string {
  const others = group.users
    .filter((user) => user.id !== viewerId)
    .map((user) => user.chatDisplayName ?? i18n.t("Deleted user"));
  const named = group.viewerHasReacted ? [i18n.t("You"), ...others] : others;
  const unnamed = group.count - named.length;
  const names =
    unnamed > 0 ? [...named, i18n.t("{count, plural, one {# other} other {# others}}", { count: unnamed })] : named;
  return list().format(names);
}

interface ChipProps {
  readonly group: ReactionGroup;
  readonly names: string;
  readonly onToggle: () => void;
}

function Chip({ group, names, onToggle }: ChipProps) {
  return (
    <button
      type="button"
      className="chip"
      tabIndex={usePartTabIndex()}
      aria-pressed={group.viewerHasReacted}
      aria-label={`${group.emoji} ${group.count}, ${names}`}
      title={names}
      onClick={onToggle}
    >
      <span className="chip-emoji">{group.emoji}</span>
      <span>{group.count}</span>
    </button>
  );
}

interface ReactedMessage {
  readonly id: string;
  readonly reactionGroups: readonly ReactionGroup[];
}

/** The reactions under a message: how many, one's own marked, names on hover; a click joins in or takes back. */
export function ReactionChips({ message }: { readonly message: ReactedMessage }) {
  const { me } = useChat();
  const { react, takeBack } = useReact(message.id);
  return (
    <div className="chips" role="group" aria-label={i18n.t("Reactions")}>
      {message.reactionGroups.map((group) => (
        <Chip
          key={group.emoji}
          group={group}
          names={reactionNames(group, me.id)}
          onToggle={() => (group.viewerHasReacted ? takeBack : react)(group.emoji)}
        />
      ))}
    </div>
  );
}
