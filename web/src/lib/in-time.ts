/** A database that does not answer must not hold up what somebody has said. */
const ANSWER_WITHIN_MS = 3_000;

/** What a browser's database answers; rejects when it does not within 3 s. */
export function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("The storage does not answer.")), ANSWER_WITHIN_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
