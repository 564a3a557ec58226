import type { ProjectRecord, UserRecord } from "./demo-record.js";

/** The demo's people. In the host product that the demo stands for, their ids equal these numbers. */
export const demoUsers: readonly UserRecord[] = [
  { kind: "user", id: 1, username: "john", display_name: "John Doe" },
  { kind: "user", id: 2, username: "jane", display_name: "Jane Smith" },
  { kind: "user", id: 3, username: "bob", display_name: "Bob Stone" },
  { kind: "user", id: 4, username: "alice", display_name: "Alice Martin" },
  { kind: "user", id: 5, username: "dee", display_name: "Dee Okafor" },
];

export const demoProjects: readonly ProjectRecord[] = [
  { kind: "project", id: 1, name: "Apollo", members: [1, 2, 3, 4] },
  { kind: "project", id: 2, name: "Beta", members: [5] },
];
