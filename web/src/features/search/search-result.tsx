import { i18n } from "@lingui/core";
import { PaperClipOutlined } from "@ant-design/icons";
import { memo } from "react";
import { Link } from "react-router";
import { formatFull, formatShortDay, formatTime } from "../../ui/dates.js";
import { JUMP } from "../../ui/location-state.js";
import { UserAvatar } from "../directory/user-avatar.js";
import { excerptOf, type Piece } from "./excerpt.js";
import type { FoundMessage } from "./search.graphql.js";

function Highlighted({ pieces }: { readonly pieces: readonly Piece[] }) {
  // The pieces of an excerpt have no names but their places, and never change them.
  return pieces.map(({ text, isMatch }, place) => (isMatch ? <mark key={place}>{text}</mark> : text));
}

function FoundFile({ found }: { readonly found: FoundMessage }) {
  const { nameHighlights, node } = found;
  if (!node.attachment) return null;
  return (
    <span className="result-file ellipsis">
      <PaperClipOutlined aria-label={i18n.t("File")} />{" "}
      {nameHighlights.length > 0 ? <Highlighted pieces={nameHighlights} /> : node.attachment.name}
    </span>
  );
}

interface SearchResultProps {
  readonly found: FoundMessage;
  readonly to: string;
  readonly withRoom: boolean;
  /** Whether the room shows this message already. */
  readonly isOpen: boolean;
}

/** One message that was found: who, where and when, and the part of its text that matches. */
export const SearchResult = memo(function SearchResult({ found, to, withRoom, isOpen }: SearchResultProps) {
  const { node, highlights } = found;
  const name = node.user.chatDisplayName ?? i18n.t("Deleted user");
  return (
    <li>
      <Link to={to} state={JUMP} className="result" aria-current={isOpen || undefined}>
        <UserAvatar id={node.user.id} name={name} size={32} />
        <span className="result-body">
          <span className="result-head">
            <span className="row-author ellipsis">{name}</span>
            {withRoom && <span className="meta ellipsis">{i18n.t("in {room}", { room: node.room.displayName })}</span>}
            <span className="spacer" />
            <time className="meta" dateTime={node.createdAt} title={formatFull(node.createdAt)}>
              {`${formatShortDay(node.createdAt)}, ${formatTime(node.createdAt)}`}
            </time>
          </span>
          {highlights.length > 0 && (
            <span className="result-text" dir="auto">
              <Highlighted pieces={excerptOf({ ...node, highlights })} />
            </span>
          )}
          <FoundFile found={found} />
        </span>
      </Link>
    </li>
  );
});
