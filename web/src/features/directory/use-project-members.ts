import { useQuery } from "@apollo/client/react";
import { useDeferredValue } from "react";
import { ProjectMembers } from "./project-members.graphql.js";

/** Someone who can be chosen, as a select shows them. */
export interface MemberOption {
  readonly value: string;
  readonly label: string;
  readonly handle: string;
}

/** The members of a project that match what was typed, without some. */
export function useProjectMembers(projectId: string | null, search: string, excludedIds: readonly string[]) {
  const query = useDeferredValue(search.trim()) || null;
  const { data, previousData, loading, error } = useQuery(ProjectMembers, {
    variables: { query },
    fetchPolicy: "cache-and-network",
  });
  const projects = (data ?? previousData)?.chatProjects ?? [];
  const members = projects.find((project) => project.id === projectId)?.chatMembers?.nodes ?? [];
  const options: MemberOption[] = members
    .filter((user) => !excludedIds.includes(user.id))
    .map((user) => ({
      value: user.id,
      label: user.chatDisplayName ?? user.chatUsername ?? user.id,
      handle: user.chatUsername ?? "",
    }));
  return { options, isLoading: loading, error };
}
