import { useFragment } from "@apollo/client/react";
import { useEffect } from "react";
import { graphql } from "../../gql/gql.js";
import { isKey } from "../../ui/keys.js";
import { openPicture } from "./open-picture.js";

const RoomPictures = graphql(`
  fragment RoomPictures on ChatRoom {
    id
    messages(last: 50) {
      edges {
        node {
          id
          attachment {
            thumbnailUrl
          }
        }
      }
    }
  }
`);

/** Where a picture stands among those of its room that are loaded, and the messages of those beside it. */
export interface Neighbours {
  /** From 1 on. */
  readonly position: number;
  readonly count: number;
  readonly previousId: string | null;
  readonly nextId: string | null;
}

/** The pictures beside one, as the feed has them; null where there is no room, or it has this one alone. */
export function useNeighbours(messageId: string, roomId: string | null): Neighbours | null {
  const from = roomId === null ? null : `ChatRoom:${roomId}`;
  const { data, complete } = useFragment({ fragment: RoomPictures, from });
  const nodes = complete ? (data?.messages.edges.map(({ node }) => node) ?? []) : [];
  const ids = nodes.filter(({ attachment }) => typeof attachment?.thumbnailUrl === "string").map(({ id }) => id);
  const index = ids.indexOf(messageId);
  if (index < 0 || ids.length < 2) return null;
  const [previousId = null, nextId = null] = [ids[index - 1], ids[index + 1]];
  return { position: index + 1, count: ids.length, previousId, nextId };
}

/** Goes to the pictures beside the one that is open by their keys, wherever in the dialog the focus is. */
export function useNeighbourKeys(neighbours: Neighbours | null): void {
  const { previousId = null, nextId = null } = neighbours ?? {};
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isEither = isKey(event, "previousPicture") || isKey(event, "nextPicture");
      const id = isKey(event, "previousPicture") ? previousId : nextId;
      if (!isEither || id === null) return;
      event.preventDefault();
      openPicture.set(id);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [previousId, nextId]);
}
