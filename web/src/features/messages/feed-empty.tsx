import { i18n } from "@lingui/core";
import { UserAddOutlined } from "@ant-design/icons";
import { useFragment } from "@apollo/client/react";
import { Button } from "antd";
import { graphql } from "../../gql/gql.js";
import { PaneMessage } from "../../ui/pane-states.js";

const EmptyRoom = graphql(`
  fragment EmptyRoom on ChatRoom {
    id
    type
    participants {
      id
    }
  }
`);

interface FeedEmptyProps {
  readonly roomId: string;
  readonly onAddMembers: () => void;
}

/** A room in which nobody has said anything. Who is alone there has nobody to say it to. */
export function FeedEmpty({ roomId, onAddMembers }: FeedEmptyProps) {
  const { data: room, complete } = useFragment({ fragment: EmptyRoom, from: { __typename: "ChatRoom", id: roomId } });
  if (complete && room.type === "GROUP" && room.participants.length === 1) {
    const add = (
      <Button icon={<UserAddOutlined />} onClick={onAddMembers}>
        {i18n.t("Add members")}
      </Button>
    );
    return (
      <PaneMessage title={i18n.t("No messages yet")} actions={add}>
        <p>{i18n.t("You are alone in this room.")}</p>
      </PaneMessage>
    );
  }
  return (
    <PaneMessage title={i18n.t("No messages yet")}>
      <p>{i18n.t("Say hello: everyone in this room will see it at once.")}</p>
    </PaneMessage>
  );
}
