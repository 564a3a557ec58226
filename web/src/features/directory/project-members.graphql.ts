import { graphql } from "../../gql/gql.js";

/** Members of the viewer's projects whose name matches. */
export const ProjectMembers = graphql(`
  query ProjectMembers($query: String) {
    chatProjects {
      id
      chatName
      chatMembers(query: $query, first: 50) {
        nodes {
          id
          chatUsername
          chatDisplayName
        }
      }
    }
  }
`);
