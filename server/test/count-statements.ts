import type { SqlEntityManager } from "@mikro-orm/sql";
import type { KyselyPlugin } from "kysely";

/** Calls `count` for each statement of this entity manager, and of those it forks, where Kysely hands it to the driver. */
export function countStatements(em: SqlEntityManager, count: () => void): SqlEntityManager {
  const getKysely = em.getKysely.bind(em);
  const fork = em.fork.bind(em);
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      count();
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  Object.defineProperty(em, "getKysely", { value: () => getKysely().withPlugin(plugin) });
  Object.defineProperty(em, "fork", {
    value: (...options: Parameters<typeof fork>) => countStatements(fork(...options), count),
  });
  return em;
}
