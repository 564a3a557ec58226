import { useState } from "react";

const PROJECT_KEY = "parley.project";

/** Which project's rooms are shown: the one chosen last, or all when there is only one. */
export function useProjectChoice(
  projects: readonly { readonly id: string }[],
): readonly [string | null, (projectId: string | null) => void] {
  const [chosen, setChosen] = useState(() => window.localStorage.getItem(PROJECT_KEY));
  const isKnown = projects.length > 1 && projects.some((project) => project.id === chosen);
  const choose = (projectId: string | null): void => {
    setChosen(projectId);
    if (projectId) window.localStorage.setItem(PROJECT_KEY, projectId);
    else window.localStorage.removeItem(PROJECT_KEY);
  };
  return [isKnown ? chosen : null, choose];
}
