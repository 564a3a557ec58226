// A stub of the host product's own subgraph of people.
import { startSubgraph } from "./subgraph.mjs";

// Chat remembers people whom the product may have deleted since. So that a message of theirs can still be shown, what
// this subgraph says of a person is nullable: "no such person" then is a null, and not the end of the whole answer.
export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

type Query {
  "Who is logged in; null without a token."
  me: User
  "Somebody; null when there is nobody with this id."
  user(id: ID!): User
}

type User @key(fields: "id") {
  id: ID!
  "The full name."
  name: String
  "For those who are logged in."
  email: String
}
`;

/** The people of Parley's demo, as the product behind it would know them. */
const demoPeople = [
  { id: "1", name: "John Doe", email: "john@example.com" },
  { id: "2", name: "Jane Smith", email: "jane@example.com" },
  { id: "3", name: "Bob Stone", email: "bob@example.com" },
  { id: "4", name: "Alice Martin", email: "alice@example.com" },
  { id: "5", name: "Dee Okafor", email: "dee@example.com" },
];

export function startUsers({ people = demoPeople, ...options }) {
  const byId = new Map(people.map((person) => [person.id, person]));
  const resolvers = {
    Query: {
      me: (_root, _args, { viewerId }) => byId.get(viewerId),
      user: (_root, { id }) => byId.get(id),
    },
    User: {
      __resolveReference: ({ id }) => byId.get(id) ?? null,
      email: (person, _args, { viewerId }) => (viewerId === undefined ? null : person.email),
    },
  };
  return startSubgraph({ name: "users", sdl, resolvers, ...options });
}
