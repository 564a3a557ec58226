import { i18n } from "@lingui/core";
import { useMutation } from "@apollo/client/react";
import { useState } from "react";
import { describeError } from "../../lib/errors.js";
import { MemberSelect } from "../directory/member-select.js";
import { AddChatParticipant } from "./room.mutations.js";
import { notices } from "../../ui/notices.js";

interface AddMemberProps {
  readonly roomId: string;
  readonly projectId: string;
  readonly memberIds: readonly string[];
}

/** Adds a member of the project to the room: choosing a name is all it takes. */
export function AddMember({ roomId, projectId, memberIds }: AddMemberProps) {
  const [add, { loading }] = useMutation(AddChatParticipant);
  // A new key empties the field after each choice.
  const [round, setRound] = useState(0);
  const choose = (userId: string | undefined): void => {
    if (!userId) return;
    add({ variables: { input: { roomId, userId } } }).then(
      () => setRound((number) => number + 1),
      (error: unknown) => notices.error(describeError(error)),
    );
  };
  return (
    <div className="add-member">
      <MemberSelect
        key={round}
        projectId={projectId}
        excludedIds={memberIds}
        placeholder={i18n.t("Add someone …")}
        label={i18n.t("Add a member")}
        loading={loading}
        onChange={choose}
      />
    </div>
  );
}
