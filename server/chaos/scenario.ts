import { createRandom, type Random } from "../demo/demo-random.js";
import { anomalyKinds, check } from "./check.js";
import type { Counts } from "./clients.process.js";
import { startCrowd, type Crowd } from "./clients.js";
import { startCluster, type Cluster } from "./cluster.js";
import type { History, Sent } from "./history.js";
import { readLogs } from "./log.js";
import type { ChaosReport } from "./results.js";
import { keepOutOfLogs, leaksIn } from "../test/watched-log.js";

/** What was asked for on the command line; a scenario has its own figures where one is undefined. */
export interface ChaosOptions {
  readonly seed: number;
  readonly minutes: number | undefined;
  readonly nodes: number;
  readonly sends: number | undefined;
  readonly followers: number | undefined;
  readonly rooms: number | undefined;
  /** Names of faults, where the scenario lets one choose. */
  readonly faults: readonly string[] | undefined;
  /** How often, by the name of the fault. */
  readonly times: Readonly<{ [fault in string]?: number }>;
}

/** What a scenario gets: it brings the cluster itself, when it knows what it wants. */
export interface Stage {
  readonly options: ChaosOptions;
  readonly random: Random;
  readonly report: ChaosReport;
  /** Ends what goes on: somebody has pressed Ctrl-C. */
  readonly signal: AbortSignal;
  /** A line about how far it is. */
  say(line: string): void;
}

/** One attack: it starts what it needs, breaks it, and reports every promise that was broken. */
export type Scenario = (stage: Stage) => Promise<void>;

export interface Played {
  readonly cluster: Cluster;
  readonly crowd: Crowd;
}

/** Starts a cluster and a crowd for a scenario, and ends both whatever happens. */
export async function onCluster(
  { options, signal, report }: Stage,
  { processes, env }: { readonly processes: number; readonly env?: Readonly<Record<string, string>> },
  play: (played: Played) => Promise<void>,
): Promise<void> {
  // Its proxies draw from a chance of their own: what they meet does not change what the scenario does next.
  const cluster = await startCluster({ nodes: options.nodes, random: createRandom(options.seed), ...(env && { env }) });
  const { nodes, secret, postgres, redis } = cluster;
  let crowd: Crowd | undefined;
  try {
    report.note(`${nodes.length} nodes on ${postgres.name} (fsync on) and ${redis.name}.`);
    crowd = await startCrowd({ processes, urls: nodes.map(({ url }) => url), secret, seed: options.seed });
    signal.throwIfAborted();
    await Promise.race([play({ cluster, crowd }), interruption(signal)]);
  } finally {
    if (report.faults.length > 0) {
      cluster.keep();
      report.note(`The logs are kept in ${cluster.folder}.`);
    }
    await crowd?.stop();
    await cluster.close();
  }
}

/** Rejects when somebody has pressed Ctrl-C: what a scenario waits for just then need not know of it. */
function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("Interrupted.")), { once: true });
  });
}

/** How long followers may take for what they have missed, once everything is mended. */
const SETTLE_WITHIN_MS = 120_000;

/** Mends everything, waits for the followers, and judges what everybody saw. */
export async function judge({ report, say }: Stage, { cluster, crowd }: Played): Promise<History> {
  await cluster.heal();
  say("all is mended; waiting for the followers");
  const before = await readLogs(cluster.postgres);
  if (!(await crowd.settle(before, SETTLE_WITHIN_MS)))
    report.fault(`Some followers had not come to the end of the log after ${SETTLE_WITHIN_MS / 1_000} s.`);
  const counts = await crowd.counts();
  const testimony = await crowd.testify();
  const history = { ...testimony, logs: await readLogs(cluster.postgres) };
  if (counts.acknowledged === 0 || counts.delivered === 0)
    report.fault("Nothing was acknowledged, or nothing delivered: this run shows nothing.");
  await judgeLogs(report, cluster, history);
  const anomalies = check(history);
  describe(report, history, counts);
  const kinds = Map.groupBy(anomalies, ({ kind }) => kind);
  const rows = anomalyKinds.map((kind) => [kind, String(kinds.get(kind)?.length ?? 0)]);
  report.table("What may not be", ["", "count"], rows);
  for (const [kind, found] of kinds) report.fault(`${kind}: ${found.length}, the first one: ${found[0]?.detail ?? ""}`);
  return history;
}

/** Neither what people wrote nor what opens anything stands in a log, whatever broke. */
async function judgeLogs(report: ChaosReport, cluster: Cluster, { sent }: History): Promise<void> {
  // A message's content is its key.
  for (const secret of [cluster.secret, cluster.serviceToken, ...sent.map(({ key }) => key)]) keepOutOfLogs(secret);
  const [leaked] = leaksIn(await cluster.readLogs());
  if (leaked !== undefined) report.fault(`A node's log holds what none may: ${leaked}`);
}

const number = (value: number): string => value.toLocaleString("en");

function describe(report: ChaosReport, { sent, logs, followed }: History, counts: Counts): void {
  const sendsOf = (outcome: Sent["outcome"]): string => number(sent.filter((send) => send.outcome === outcome).length);
  const transports = Map.groupBy(sent, ({ transport }) => transport);
  report.table(
    "Sends",
    ["", "count"],
    [
      ["messages", number(sent.length)],
      ...[...transports].map(([transport, sends]) => [`  by ${transport}`, number(sends.length)]),
      ["tries", number(counts.tries)],
      ["acknowledged", sendsOf("ok")],
      ["  more than once", number(sent.filter(({ messageIds }) => messageIds.length > 1).length)],
      ["unknown", sendsOf("unknown")],
      ["refused", sendsOf("refused")],
    ],
  );
  report.result({ what: "messages", measured: number(sent.length) });
  report.result({ what: "deliveries", measured: number(counts.delivered) });
  report.result({ what: "resumes", measured: number(counts.resumes) });
  const entries = logs.reduce((sum, log) => sum + log.entries.length, 0);
  report.table(
    "Deliveries",
    ["", "count"],
    [
      ["events in the log", number(entries)],
      ["followers", number(followed.length)],
      ["deliveries", number(counts.delivered)],
      ["resumes", number(counts.resumes)],
    ],
  );
}
