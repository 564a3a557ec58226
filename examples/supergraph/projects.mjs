// A stub of the host product's own subgraph of projects. It knows people by id alone, just as chat does.
import { startSubgraph } from "./subgraph.mjs";

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

type Query {
  "A project; null when there is none with this id. Titles are public."
  project(id: ID!): Project
  "The viewer's own projects."
  projects: [Project!]!
}

type Project @key(fields: "id") {
  id: ID!
  "What it is called."
  title: String
  "Who works on it. Null for those who don't."
  members: [User!]
}

type User @key(fields: "id", resolvable: false) {
  id: ID!
}
`;

/** The projects of Parley's demo. */
const demoProjects = [
  { id: "1", title: "Apollo: to the moon", members: ["1", "2", "3", "4"] },
  { id: "2", title: "Beta: and back", members: ["5"] },
];

export function startProjects({ projects = demoProjects, ...options }) {
  const byId = new Map(projects.map((project) => [project.id, project]));
  const resolvers = {
    Query: {
      project: (_root, { id }) => byId.get(id),
      projects: (_root, _args, { viewerId }) => projects.filter(({ members }) => members.includes(viewerId)),
    },
    Project: {
      __resolveReference: ({ id }) => byId.get(id) ?? null,
      members: ({ members }, _args, { viewerId }) =>
        members.includes(viewerId) ? members.map((id) => ({ id })) : null,
    },
  };
  return startSubgraph({ name: "projects", sdl, resolvers, ...options });
}
