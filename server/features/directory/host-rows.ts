import { z } from "zod";
import { hostId } from "../../platform/host-id.js";
import { singleLine } from "../../platform/text.js";
import { NAME_MAX_LENGTH } from "./directory.js";

/** What the host product says of its people and projects, a row for each; `id` is the host product's own. */

/** In one call: ten thousand take a few seconds, in which others wait for the rooms that the call changes. */
export const MAX_ROWS = 10_000;
/** Members named in one call, of all its projects together. */
export const MAX_MEMBERS = 100_000;

/** What a call has come to, in rows: together as many as it had. */
export interface UpsertCounts {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
}

const name = singleLine({ max: NAME_MAX_LENGTH, empty: "A name can't be empty." }).nullish();

const userRow = z
  .object({ id: hostId, username: name, displayName: name, isDeleted: z.boolean().nullish() })
  .superRefine((row, context) => {
    if (row.isDeleted === true) return;
    for (const key of ["username", "displayName"] as const)
      if (row[key] === undefined || row[key] === null)
        context.addIssue({ code: "custom", path: [key], message: "Only who is deleted can do without this name." });
  });
export type UserRow = z.output<typeof userRow>;

const memberIds = z.array(hostId, { error: "Members are a list of ids." }).nullish();

const projectRow = z
  .object({
    id: hostId,
    name,
    memberIds,
    addMemberIds: memberIds,
    removeMemberIds: memberIds,
    isDeleted: z.boolean().nullish(),
  })
  .superRefine((row, context) => {
    const { addMemberIds, removeMemberIds } = row;
    if (isGiven(row.memberIds) && (isGiven(addMemberIds) || isGiven(removeMemberIds)))
      context.addIssue({
        code: "custom",
        path: ["memberIds"],
        message: "Give the whole list of members, or changes to it, but not both.",
      });
    const added = new Set(addMemberIds);
    const both = removeMemberIds?.findIndex((id) => added.has(id)) ?? -1;
    if (both >= 0)
      context.addIssue({
        code: "custom",
        path: ["removeMemberIds", both],
        message: "This person is to be added and removed at once.",
      });
  });
export type ProjectRow = z.output<typeof projectRow>;

const isGiven = (list: readonly string[] | null | undefined): boolean => list !== null && list !== undefined;

function rowsOf<Row extends z.ZodType<{ readonly id: string }>>(row: Row) {
  return z
    .array(row, { error: "Send a list of rows." })
    .max(MAX_ROWS, `At most ${MAX_ROWS} rows in one call: send several.`)
    .superRefine((rows, context) => {
      const seen = new Set<string>();
      for (const [index, { id }] of rows.entries()) {
        if (seen.has(id))
          context.addIssue({ code: "custom", path: [index, "id"], message: "This id is in the list twice." });
        seen.add(id);
      }
    });
}

const membersNamed = ({ memberIds: all, addMemberIds, removeMemberIds }: ProjectRow): number =>
  [all, addMemberIds, removeMemberIds].reduce((sum, list) => sum + (list?.length ?? 0), 0);

export const usersInput = z.object({ users: rowsOf(userRow) });
export const projectsInput = z.object({
  projects: rowsOf(projectRow).refine(
    (rows) => rows.reduce((sum, row) => sum + membersNamed(row), 0) <= MAX_MEMBERS,
    `At most ${MAX_MEMBERS} members in one call: send several.`,
  ),
});
