import { graphql } from "../../gql/gql.js";

export const CreateChatRoom = graphql(`
  mutation CreateChatRoom($input: CreateChatRoomInput!) {
    createChatRoom(input: $input) {
      room {
        id
        ...RoomSummary @unmask
      }
    }
  }
`);

export const RenameChatRoom = graphql(`
  mutation RenameChatRoom($input: RenameChatRoomInput!) {
    renameChatRoom(input: $input) {
      room {
        id
        name
        displayName
      }
    }
  }
`);

export const DeleteChatRoom = graphql(`
  mutation DeleteChatRoom($input: DeleteChatRoomInput!) {
    deleteChatRoom(input: $input) {
      roomId
    }
  }
`);

export const AddChatParticipant = graphql(`
  mutation AddChatParticipant($input: AddChatParticipantInput!) {
    addChatParticipant(input: $input) {
      participant {
        ...EventParticipant @unmask
      }
    }
  }
`);

export const RemoveChatParticipant = graphql(`
  mutation RemoveChatParticipant($input: RemoveChatParticipantInput!) {
    removeChatParticipant(input: $input) {
      roomId
      userId
    }
  }
`);
