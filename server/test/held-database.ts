import type { SqlEntityManager } from "@mikro-orm/sql";
import type { KyselyPlugin, QueryId } from "kysely";
import type { Database } from "../platform/orm.js";

/** A database that answers when it is told to. */
export interface HeldDatabase {
  /** As the server gets it. */
  prepare(database: Database): Database;
  /** From now on nobody is answered; nor counted who was before. */
  hold(): void;
  /** Answers all that wait, and whoever asks from now on. */
  release(): void;
  /** The statements that were sent since `hold`, as Kysely has them before they are text. */
  readonly sent: readonly string[];
}

/** What was compiled for another database than this one. */
const COMPILED_BEFORE = "a statement that was compiled elsewhere";

export function holdDatabase(): HeldDatabase {
  const sent: string[] = [];
  let held = Promise.resolve();
  let release = (): void => {};
  // What is compiled once is sent many times: the first time is counted when it is made, the others when they are answered.
  const made = new WeakSet<QueryId>();
  const texts = new WeakMap<QueryId, string>();
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      const text = JSON.stringify(node);
      made.add(queryId);
      texts.set(queryId, text);
      sent.push(text);
      return node;
    },
    async transformResult({ result, queryId }) {
      if (!made.delete(queryId)) sent.push(texts.get(queryId) ?? COMPILED_BEFORE);
      await held;
      return result;
    },
  };
  const holding = (em: SqlEntityManager): SqlEntityManager => {
    const getKysely = em.getKysely.bind(em);
    const fork = em.fork.bind(em);
    Object.defineProperty(em, "getKysely", { value: () => getKysely().withPlugin(plugin) });
    Object.defineProperty(em, "fork", { value: (...options: Parameters<typeof fork>) => holding(fork(...options)) });
    return em;
  };
  return {
    prepare: (database) => ({ ...database, fork: () => holding(database.fork().fork()) }),
    hold() {
      sent.length = 0;
      held = new Promise((resolve) => (release = resolve));
    },
    release: () => release(),
    sent,
  };
}
