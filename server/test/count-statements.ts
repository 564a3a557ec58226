import type { SqlEntityManager } from "@mikro-orm/sql";
import type { KyselyPlugin } from "kysely";
import type { Database } from "../platform/orm.js";

/** A database like this one: `count` is called for each of its statements. */
export function countingDatabase(database: Database, count: () => void): Database {
  return { ...database, fork: () => countStatements(database.fork(), count) };
}

/** An entity manager like this one: `count` is called for each of its statements, and of those of its forks. */
export function countStatements(em: SqlEntityManager, count: () => void): SqlEntityManager {
  return counting(em.fork(), count);
}

/** As its answer comes, which is once for each that is sent; not all are compiled for that. */
function counting(em: SqlEntityManager, count: () => void): SqlEntityManager {
  const getKysely = em.getKysely.bind(em);
  const fork = em.fork.bind(em);
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      count();
      return result;
    },
  };
  Object.defineProperty(em, "getKysely", { value: () => getKysely().withPlugin(plugin) });
  Object.defineProperty(em, "fork", {
    value: (...options: Parameters<typeof fork>) => counting(fork(...options), count),
  });
  return em;
}
