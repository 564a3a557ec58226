/** A line that can't be imported: which one, and why. The message says both, for a person. */
export class BadLine extends Error {
  override readonly name = "BadLine";

  constructor(
    readonly line: number,
    readonly reason: string,
  ) {
    super(`Line ${line.toLocaleString("en")}: ${reason}`);
  }
}

/** For a line about something that is known already: the first thing that it says otherwise. */
export function differenceBetween<Known extends object>(known: Known, told: Known): string | undefined {
  const [different] = Object.entries(told).filter(([key, value]) => Reflect.get(known, key) !== value);
  if (different === undefined) return undefined;
  const [key, value] = different;
  return `its ${key} is ${shown(Reflect.get(known, key))} there, and ${shown(value)} here`;
}

const SHOWN_LENGTH = 60;

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…"` : text;
}
