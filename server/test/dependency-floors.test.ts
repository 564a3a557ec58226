import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { z } from "zod";

/**
 * Below these versions the packages that strangers' bytes reach have known holes, or lack what is relied on here. A name
 * with a star is all of a scope.
 */
const FLOORS: Readonly<Record<string, string>> = {
  ws: "8.21.1",
  "@apollo/server": "5.5.0",
  fastify: "5.12.1",
  "@mikro-orm/*": "7.1.7",
  jose: "6.0.0",
};

const lock = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

interface Installed {
  readonly path: string;
  readonly name: string;
  readonly version: string;
}

/** Every copy of a package that is installed, those inside of others too. */
function installed(): readonly Installed[] {
  const text = readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8");
  return Object.entries(lock.parse(JSON.parse(text)).packages).flatMap(([path, { version }]) => {
    const name = path.split("node_modules/").at(-1) ?? "";
    return name === "" || version === undefined ? [] : [{ path, name, version }];
  });
}

const isNamed = (name: string, pattern: string): boolean =>
  pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/** Whether a release is below another; one with a suffix counts as the release before which it came. */
function isBelow(version: string, floor: string): boolean {
  const [left, right] = [version, floor].map((text) => (text.split("-")[0] ?? "").split(".").map(Number));
  const differing = right?.findIndex((part, place) => part !== left?.[place]) ?? -1;
  if (differing === -1) return version.includes("-");
  return (left?.[differing] ?? 0) < (right?.[differing] ?? 0);
}

const belowFloor = (packages: readonly Installed[]): readonly string[] =>
  Object.entries(FLOORS).flatMap(([pattern, floor]) =>
    packages
      .filter(({ name, version }) => isNamed(name, pattern) && isBelow(version, floor))
      .map(({ path, version }) => `${path} is ${version}, below ${floor}`),
  );

test("every installed copy of what strangers' bytes reach is at least of the version without known holes", () => {
  const packages = installed();
  for (const pattern of Object.keys(FLOORS))
    expect([pattern, packages.some(({ name }) => isNamed(name, pattern))]).toEqual([pattern, true]);
  expect(belowFloor(packages)).toEqual([]);
});

test.each([
  ["8.21.0", "8.21.1", true],
  ["8.21.1", "8.21.1", false],
  ["8.100.0", "8.21.1", false],
  ["7.99.99", "8.21.1", true],
  ["10.0.0", "8.21.1", false],
  ["8.21.1-rc.1", "8.21.1", true],
])("%s beside the floor %s is below it: %s", (version, floor, expected) => {
  expect(isBelow(version, floor)).toBe(expected);
});

test("a copy inside another package counts", () => {
  const inside = { path: "node_modules/a/node_modules/ws", name: "ws", version: "7.5.0" };
  expect(belowFloor([inside])).toEqual(["node_modules/a/node_modules/ws is 7.5.0, below 8.21.1"]);
});
