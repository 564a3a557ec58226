import type { Unmasked } from "@apollo/client/masking";
import { graphql } from "../../gql/gql.js";
import type { AttachmentFieldsFragment } from "../../gql/graphql.js";

/**
 * A message's file as it is shown. It has no id of its own: it lives in its message, so whoever shows one spreads this
 * unmasked and hands the data down.
 */
export const AttachmentFields = graphql(`
  fragment AttachmentFields on ChatAttachment {
    name
    size
    contentType
    width
    height
    url
    thumbnailUrl
  }
`);

export type AttachmentData = Unmasked<AttachmentFieldsFragment>;

/** A message's file with addresses that work now. */
export const MessageAttachment = graphql(`
  query MessageAttachment($messageId: ID!) {
    chatMessage(id: $messageId) {
      id
      attachment {
        ...AttachmentFields @unmask
      }
    }
  }
`);
