import fc from "fast-check";

const MAX_CHOICES = 160;

/**
 * What a generator decides by: numbers that fast-check made, one for each decision, and the first alternative when they
 * are used up. So whatever is made of them ends, and shrinks to something plain as fast-check makes them fewer and smaller.
 */
export class Choices {
  private at = 0;

  constructor(private readonly numbers: readonly number[]) {}

  /** One of 0 to `below` - 1. */
  number(below: number): number {
    const number = this.numbers[this.at] ?? 0;
    this.at += 1;
    return number % below;
  }

  of<const Values extends readonly [unknown, ...unknown[]]>(values: Values): Values[number] {
    return values[this.number(values.length)] ?? values[0];
  }

  /** True once in so many times. */
  rarely(oneIn: number): boolean {
    return this.number(oneIn) === oneIn - 1;
  }

  list<Value>(most: number, make: (index: number) => Value): readonly Value[] {
    return Array.from({ length: this.number(most + 1) }, (_, index) => make(index));
  }
}

/** Numbers to decide by. */
export const choices: fc.Arbitrary<readonly number[]> = fc.array(fc.nat(0xffff), { maxLength: MAX_CHOICES });

const LONG = 20_000;

/** Texts that something somewhere trips over. What is between § is replaced by what there is in the target. */
const TEXTS: readonly [string, ...string[]] = [
  ...(["words", "", " ", "0", "1", "-1", "§room§", "§message§", "§user§", "§project§", "§cursor§", "§uuid§"] as const),
  ...["9007199254740993", "99999999999999999999", "1e3", "0x10", "NaN", "null", "true", "__proto__", "constructor"],
  ...["\u0000", "a\u0000b", "\ud800", "\udc00x", "\u202eabc", "\ufeff", "e\u0301".repeat(30), "👩‍👩‍👧‍👦", "❤", "👍🏽"],
  ...["'; drop table chat_message; --", "%", "_", "\\", '"', "%00", "../../etc/passwd", "<script>alert(1)</script>"],
  ...[
    "@john",
    "from:john has:file",
    'in:"',
    "before:9999-99-99",
    "2026-02-30T25:61:00Z",
    "${jndi:ldap://x}",
    "{{7*7}}",
  ],
  ...["line\nline", "\r\nSet-Cookie: a=b", "x".repeat(256), "字".repeat(LONG), " \n".repeat(200)],
];

export function anyText(choose: Choices): string {
  if (!choose.rarely(5)) return choose.of(TEXTS);
  return String.fromCodePoint(...choose.list(12, () => choose.number(0xffff)));
}

const NUMBERS = [1, 0, -1, 2, 100, 101, 0.5, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e308, -0] as const;

/** Any value that JSON can say. */
export function anyJson(choose: Choices, depth = 3): unknown {
  const kind = choose.number(depth > 0 ? 7 : 5);
  if (kind === 0) return anyText(choose);
  if (kind === 1) return choose.of(NUMBERS);
  if (kind === 2) return null;
  if (kind === 3) return choose.rarely(2);
  if (kind === 4) return anyText(choose);
  if (kind === 5) return choose.list(4, () => anyJson(choose, depth - 1));
  return Object.fromEntries(choose.list(4, () => [anyText(choose), anyJson(choose, depth - 1)]));
}

/** A text with some of it lost, doubled, changed or cut off. */
export function mangled(choose: Choices, text: string): string {
  let result = text;
  for (let times = 1 + choose.number(3); times > 0; times -= 1) {
    const at = choose.number(result.length + 1);
    const length = 1 + choose.number(8);
    const [before, part, after] = [result.slice(0, at), result.slice(at, at + length), result.slice(at + length)];
    const ways = [before + after, before + part + part + after, before + anyText(choose) + after, before] as const;
    result = choose.of(ways);
  }
  return result;
}
