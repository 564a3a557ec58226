// oxlint-disable jsx-a11y/no-noninteractive-tabindex -- the articles of a
// feed take the focus by arrow keys; pointing at one only shows its buttons, which are real ones.
import { i18n } from "@lingui/core";
import { useFragment } from "@apollo/client/react";
import type { FragmentType, MaybeMasked } from "@apollo/client/masking";
import { Button } from "antd";
import { memo } from "react";
import { useParams } from "react-router";
import { graphql } from "../../gql/gql.js";
import type { MessageRowFragment } from "../../gql/graphql.js";
import { readText, useTexts } from "../../lib/kept-texts.js";
import { usePartTabIndex } from "../../ui/row-parts.js";
import { formatFull, formatTime } from "../../ui/dates.js";
import { AttachmentView } from "../attachments/attachment-view.js";
import { localPicture } from "../attachments/local-pictures.js";
import { ReactionChips } from "../reactions/reaction-chips.js";
import { useChat } from "../session/chat.context.js";
import { editKey } from "./drafts.js";
import { useEditing } from "./editing.context.js";
import { MessageEditor } from "./message-editor.js";
import { MentioningText } from "./mentioning-text.js";
import { MessageToolbar } from "./message-toolbar.js";
import { RowGutter, RowHead } from "./row-author.js";
import { useRowControls } from "./use-row-controls.js";

export const MessageRowDocument = graphql(`
  fragment MessageRow on ChatMessage {
    id
    content
    createdAt
    isEdited
    editedAt
    clientMutationId
    attachment {
      ...AttachmentFields @unmask
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
    ...MessageReactions @unmask
  }
`);

interface MessageRowProps {
  readonly message: FragmentType<MessageRowFragment>;
  readonly startsGroup: boolean;
  readonly isHighlighted: boolean;
  readonly isTabStop: boolean;
}

function EditedMark({ editedAt }: { readonly editedAt: string | null }) {
  return (
    <span className="edited meta" title={editedAt ? formatFull(editedAt) : undefined}>
      {i18n.t("(edited)")}
    </span>
  );
}

type Shown = MaybeMasked<MessageRowFragment>;

function RowText({ message }: { readonly message: Shown }) {
  const { content, isEdited, editedAt, mentions } = message;
  if (content === "" && !isEdited) return null;
  return (
    <div className="row-text" dir="auto">
      {content !== "" && <MentioningText text={content} mentions={mentions} />}
      {isEdited && <EditedMark editedAt={editedAt} />}
    </div>
  );
}

/** Says that one has changed the message and not saved it, and leads back to that. */
function UnsavedMark({ messageId, onEdit }: { readonly messageId: string; readonly onEdit: () => void }) {
  const { me } = useChat();
  const { roomId = "" } = useParams();
  const tabIndex = usePartTabIndex();
  const isUnsaved = useTexts(() => readText(editKey(me.id, { roomId, messageId })) !== null);
  if (!isUnsaved) return null;
  return (
    <div className="unsaved meta">
      {i18n.t("Changed and not saved.")}{" "}
      <Button type="link" size="small" tabIndex={tabIndex} onClick={onEdit}>
        {i18n.t("Go on editing")}
      </Button>
    </div>
  );
}

function RowFile({ message }: { readonly message: Shown }) {
  const { id, attachment, clientMutationId } = message;
  if (!attachment) return null;
  return (
    <div className="attachment">
      <AttachmentView messageId={id} attachment={attachment} localUrl={localPicture(clientMutationId)} />
    </div>
  );
}

/** One stored message. It follows the cache by itself: edits and reactions re-render this row alone. */
export const MessageRow = memo(function MessageRow({
  message: from,
  startsGroup,
  isHighlighted,
  isTabStop,
}: MessageRowProps) {
  const { me } = useChat();
  const editing = useEditing();
  const controls = useRowControls();
  const { data: message, complete } = useFragment({ fragment: MessageRowDocument, fragmentName: "MessageRow", from });
  if (!complete) return null;
  const { id, user, content, createdAt } = message;
  const name = user.chatDisplayName ?? i18n.t("Deleted user");
  const isOwn = user.id === me.id;
  const isEditing = editing.messageId === id;
  return (
    <article
      className="row"
      data-message-id={id}
      data-group={startsGroup || undefined}
      data-mention={message.mentions.some((user) => user.id === me.id) || undefined}
      data-highlight={isHighlighted || undefined}
      aria-label={`${name}, ${formatTime(createdAt)}`}
      tabIndex={isTabStop ? 0 : -1}
      {...controls.rowProps}
    >
      <RowGutter author={startsGroup ? { id: user.id, name } : null} at={createdAt} />
      <div className="row-body">
        {startsGroup && <RowHead name={name} at={createdAt} />}
        {isEditing ? (
          <MessageEditor
            messageId={id}
            content={content}
            canBeEmpty={message.attachment !== null}
            onClose={() => editing.edit(null)}
          />
        ) : (
          <RowText message={message} />
        )}
        {isOwn && !isEditing && <UnsavedMark messageId={id} onEdit={() => editing.edit(id)} />}
        <RowFile message={message} />
        {message.reactionGroups.length > 0 && <ReactionChips message={message} />}
      </div>
      {controls.hasToolbar && !isEditing && (
        <MessageToolbar
          {...controls.toolbarProps}
          messageId={id}
          content={content}
          isOwn={isOwn}
          onEdit={() => editing.edit(id)}
        />
      )}
    </article>
  );
});
