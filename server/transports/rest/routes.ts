import { z } from "zod";
import { projectsInput, usersInput } from "../../features/directory/host-rows.js";
import { upsertProjects, upsertUsers } from "../../features/rooms/host.actions.js";
import { revokeTokens } from "../../features/sessions/revocation.actions.js";
import { revocationsInput } from "../../features/sessions/revocation.js";
import { messageRoutes } from "./message-routes.js";
import { roomRoutes } from "./room-routes.js";
import type { HostRoute, Route } from "./route.js";

const counts = z
  .object({ created: z.int(), changed: z.int(), unchanged: z.int() })
  .meta({ id: "UpsertCounts", description: "What a call has come to, in rows: together as many as it had." });

const revocationCounts = z
  .object({ revoked: z.int() })
  .meta({ id: "RevocationCounts", description: "How many revocations stand, new or said again." });

const hostRoutes: readonly HostRoute[] = [
  {
    caller: "host",
    method: "PUT",
    path: "/admin/users",
    summary: "Makes known what the host product says of people: all rows or, for one bad one, none.",
    rows: "users",
    input: usersInput,
    answers: { 200: counts },
    refuses: ["BAD_USER_INPUT"],
    run: upsertUsers,
  },
  {
    caller: "host",
    method: "PUT",
    path: "/admin/projects",
    summary:
      "Makes known what the host product says of projects and who is in them: all rows or, for one bad one, none.",
    rows: "projects",
    input: projectsInput,
    answers: { 200: counts },
    refuses: ["BAD_USER_INPUT"],
    run: upsertProjects,
  },
  {
    caller: "host",
    method: "POST",
    path: "/admin/revoke_tokens",
    summary:
      "Ends tokens before their time, and closes the sockets that were opened with them: all rows or, for one bad one, none.",
    rows: "revocations",
    input: revocationsInput,
    answers: { 200: revocationCounts },
    refuses: ["BAD_USER_INPUT"],
    run: revokeTokens,
  },
];

/** Every call that there is over REST. */
export const routes: readonly Route[] = [...roomRoutes, ...messageRoutes, ...hostRoutes];
