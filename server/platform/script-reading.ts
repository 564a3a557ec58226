// Whether a browser could read bytes as a script, whatever else they are. A picture whose first fields open a comment of
// JavaScript is one only if what is behind the comment is JavaScript again, and so on to its very end: whoever looks at
// the beginning alone refuses good photographs for the length of what their camera says.

type Lead = readonly [signs: RegExp, states: string];

/** A text up to its own sign, unless a backslash is in front of that; `others` are what may be in it without one. */
const quoted = (name: string, sign: RegExp, others: RegExp): Readonly<Record<string, readonly Lead[]>> => ({
  [name]: [
    [sign, "code"],
    [/\\/, `${name}-escape`],
    [others, name],
  ],
  [`${name}-escape`]: [
    // The end of a line may be two characters.
    [/\r/, `${name} ${name}-escape`],
    [/[^]/, name],
  ],
});

/**
 * Where one may be in a script, and to which states which sign leads: the first that fits counts, and none is no script.
 * All that a sign may mean is followed at once, as a stroke may divide, open a comment, or a regular expression. Of code
 * it is only asked that it has no control characters; so more is taken for a script than is one.
 */
const LEADS = {
  code: [
    [/"/, "double"],
    [/'/, "single"],
    [/`/, "template"],
    [/\//, "code stroke expression"],
    [/</, "code open"],
    [/-/, "code dash"],
    [/[\t-\r -~\x80-\xff]/, "code"],
  ],
  stroke: [
    [/\//, "line"],
    [/\*/, "comment"],
  ],
  // `<!--` and `-->`, which hide the rest of a line from browsers that know no scripts.
  open: [[/!/, "open-mark"]],
  "open-mark": [[/-/, "open-dash"]],
  "open-dash": [[/-/, "line"]],
  dash: [[/-/, "dashes"]],
  dashes: [[/>/, "line"]],
  line: [
    [/[\n\r]/, "code"],
    [/[^]/, "line"],
  ],
  comment: [
    [/\*/, "star"],
    [/[^]/, "comment"],
  ],
  star: [
    [/\//, "code"],
    [/\*/, "star"],
    [/[^]/, "comment"],
  ],
  expression: [
    // Escaped, it goes on.
    [/\//, "code expression"],
    [/[^\n\r]/, "expression"],
  ],
  ...quoted("double", /"/, /[^\n\r]/),
  ...quoted("single", /'/, /[^\n\r]/),
  ...quoted("template", /`/, /[^]/),
} satisfies Readonly<Record<string, readonly Lead[]>>;

const names = Object.keys(LEADS);
/** States are bits of a number, so that megabytes of a comment are read quickly. */
const bitsOf = (states: string): number =>
  states.split(" ").reduce((bits, name) => bits | (1 << names.indexOf(name)), 0);
const SIGNS = 256;
/** For each state and each byte, the states behind it. */
const NEXT = Int32Array.from(
  Object.values<readonly Lead[]>(LEADS).flatMap((leads) =>
    Array.from({ length: SIGNS }, (_, byte) => {
      const lead = leads.find(([signs]) => signs.test(String.fromCharCode(byte)));
      return lead === undefined ? 0 : bitsOf(lead[1]);
    }),
  ),
);
const BEGIN = bitsOf("code");
const END = bitsOf("code line");

/**
 * Whether bytes, in pieces, read as a script from the first to the last; no more of them is read than it takes to know.
 * A script in UTF-16 is not found, nor one that has control characters in a template within a template.
 */
export async function readsAsScript(pieces: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<boolean> {
  let states = BEGIN;
  for await (const piece of pieces) {
    for (const byte of piece) {
      states = statesBehind(states, byte);
      if (states === 0) return false;
    }
  }
  return (states & END) !== 0;
}

function statesBehind(states: number, byte: number): number {
  let behind = 0;
  for (let state = 0, left = states; left !== 0; state += 1, left >>>= 1) {
    if ((left & 1) === 1) behind |= NEXT[state * SIGNS + byte] ?? 0;
  }
  return behind;
}
