import { useMutation } from "@apollo/client/react";
import { useNavigate } from "react-router";
import type { CreateChatRoomInput } from "../../gql/graphql.js";
import { describeError } from "../../lib/errors.js";
import { putRoom } from "./room.cache.js";
import { CreateChatRoom } from "./room.mutations.js";

/** Makes a room, or finds the direct one that exists, and opens it. */
export function useCreateRoom(onDone: () => void) {
  const navigate = useNavigate();
  const [create, { loading, error }] = useMutation(CreateChatRoom);
  const createRoom = async (input: CreateChatRoomInput): Promise<void> => {
    const { data } = await create({
      variables: { input },
      update: (cache, result) => {
        if (result.data) putRoom(cache, result.data.createChatRoom.room);
      },
    }).catch(() => ({ data: undefined }));
    if (!data) return;
    onDone();
    void navigate(`/rooms/${data.createChatRoom.room.id}`);
  };
  return { createRoom, isBusy: loading, problem: error ? describeError(error) : null };
}
