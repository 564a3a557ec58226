import { z } from "zod";
import type { Brand, UserId } from "../../platform/ids.js";
import { idSchema } from "../../platform/input.js";

/**
 * The directory: people, projects, and who is in which. The host product owns all three; these are copies, with a
 * local number (`id`, what REST shows) and the host's own id (`hostId`, what GraphQL and federation show).
 */
export type ProjectId = Brand<number, "ProjectId">;

export interface User {
  readonly id: UserId;
  readonly hostId: string;
  readonly username: string;
  readonly displayName: string;
}

export interface Project {
  readonly id: ProjectId;
  readonly hostId: string;
  readonly name: string;
}

/** Somebody's place in a project. */
export interface Membership {
  readonly projectId: ProjectId;
  readonly userId: UserId;
}

/** A person as nodes tell each other of them. */
export const userSchema = z.object({
  id: idSchema<UserId>(),
  hostId: z.string(),
  username: z.string(),
  displayName: z.string(),
}) satisfies z.ZodType<User>;

/** One topic for all people: each node knows which of the rooms that it follows they are in. */
export const PEOPLE_TOPIC = "people";

/** What nodes tell each other of people: that they came or went, have other names, or are deleted. */
export const peopleMessage = z
  .object({
    kind: z.enum(["presence_changed", "user_changed", "user_deleted"]),
    users: z.array(userSchema).readonly(),
  })
  .readonly();
export type PeopleMessage = z.output<typeof peopleMessage>;

/** What stands in place of the names of a person whom the host product has deleted. */
export const DELETED_USER_NAME = "Deleted user";

/** What a deleted person is told. */
export const ACCOUNT_DELETED = "This account has been deleted.";

export const NAME_MAX_LENGTH = 255;

/** What one knows of a person from the host product. */
export interface Profile {
  readonly hostId: string;
  readonly username?: string | undefined;
  readonly displayName?: string | undefined;
}

/** A person as a client names them: by our number (REST) or by the host product's id (GraphQL). */
export type PersonRef = { readonly id: number | string } | { readonly hostId: string };

/** A project as a client names it. */
export type ProjectRef = PersonRef;
