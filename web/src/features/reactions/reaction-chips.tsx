import { i18n } from "@lingui/core";
import { useFragment } from "@apollo/client/react";
import type { FragmentType } from "@apollo/client/masking";
import type { MessageReactionsFragment } from "../../gql/graphql.js";
import { useChat } from "../session/chat.context.js";
import { MessageReactions, type ReactionGroup } from "./reaction.cache.js";
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

/** The reactions under a message: how many, one's own marked, names on hover; a click joins in or takes back. */
export function ReactionChips({
  message: from,
}: {
  readonly message: FragmentType<MessageReactionsFragment> & { readonly id: string };
}) {
  const { me } = useChat();
  const { react, takeBack } = useReact(from.id);
  const { data, complete } = useFragment({ fragment: MessageReactions, from });
  if (!complete || data.reactionGroups.length === 0) return null;
  return (
    <div className="chips" role="group" aria-label={i18n.t("Reactions")}>
      {data.reactionGroups.map((group) => (
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
