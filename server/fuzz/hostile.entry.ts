import { requireGraphqlErrors, WrongAnswer } from "./answers.js";
import { entry } from "./entry.js";
import { hostileOperations, type HostileOperation } from "./hostile-documents.js";

const MAX_CPU_MS = 50;
/** What is met for the first time is compiled, and the machine collects what others have left. */
const ATTEMPTS = 3;

/** Operations that ask for more than anybody needs: refused, and at what cost. */
export const hostile = entry<HostileOperation>("hostile", async (target) => {
  const refuse = async (operation: HostileOperation): Promise<number> => {
    const before = process.cpuUsage();
    const response = await fetch(`${target.url}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${target.token}`, "content-type": "application/json" },
      body: JSON.stringify(operation),
    });
    const { errors, data } = (await response.json()) as { errors?: unknown; data?: unknown };
    const { user, system } = process.cpuUsage(before);
    if ((data ?? null) !== null) throw new WrongAnswer("a hostile operation was carried out");
    requireGraphqlErrors(errors);
    return (user + system) / 1_000;
  };
  return {
    inputs: hostileOperations,
    async send(operation) {
      let leastMs = Infinity;
      for (let attempt = 0; attempt < ATTEMPTS && leastMs > MAX_CPU_MS; attempt += 1)
        leastMs = Math.min(leastMs, await refuse(operation));
      if (leastMs > MAX_CPU_MS) throw new WrongAnswer(`it took ${leastMs.toFixed(0)} ms of CPU to refuse it`);
    },
  };
});
