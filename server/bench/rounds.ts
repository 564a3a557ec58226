/**
 * Runs all of them by turns, so many rounds, another one first in each: whatever slows the machine hits all alike.
 * Resolves to the results of each round, in the order of `runs`.
 */
export async function inRounds<Result>(
  rounds: number,
  runs: readonly (() => Promise<Result>)[],
): Promise<readonly (readonly Result[])[]> {
  const results: Result[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    const row: Result[] = [];
    for (let turn = 0; turn < runs.length; turn += 1) {
      const index = (round + turn) % runs.length;
      const run = runs[index];
      if (run !== undefined) row[index] = await run();
    }
    results.push(row);
  }
  return results;
}

/** The results of one of the runs, by round. */
export function columnOf<Result>(rounds: readonly (readonly Result[])[], index: number): readonly Result[] {
  return rounds.map((row) => row[index]).filter((result) => result !== undefined);
}
