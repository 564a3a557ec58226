import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { variables } from "../config.js";
import { namesOf } from "../platform/environment.js";

const text = readFileSync(new URL("../../.env.example", import.meta.url), "utf8");

/** The entries as they stand: comment lines, then `#NAME=value` lines. */
const entries = text.split(/\n{2,}/).flatMap((block) => {
  const lines = block.trim().split("\n");
  const settings = lines.flatMap((line) => /^#([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? []);
  return settings.length === 0 ? [] : [{ name: settings[1] ?? "", value: settings[2] ?? "", lines }];
});
const documented = [...text.matchAll(/^#([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]);

describe(".env.example", () => {
  test("documents every variable of the server, in the same order, and no other", () => {
    expect(documented).toEqual(namesOf(variables));
  });

  test("sets nothing when it is copied as it is", () => {
    expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
  });

  test.each(Object.entries(variables))("says what %s means and what it is by default", (name, variable) => {
    const entry = entries.find((candidate) => candidate.name === name);
    expect(entry?.lines).toContain(`# ${variable.meaning}`);
    expect(entry?.lines).toContain(`# Default: ${variable.default === "" ? "unset" : variable.default}`);
  });

  test.each(Object.entries(variables).filter(([, variable]) => variable.secret))(
    "shows no value of the secret %s",
    (name) => {
      expect(entries.find((candidate) => candidate.name === name)?.value).toBe("");
    },
  );

  test.each(Object.entries(variables).filter(([, variable]) => !variable.secret))(
    "shows a value of %s that works",
    (name, variable) => {
      const value = entries.find((candidate) => candidate.name === name)?.value;
      expect(value).toBe(variable.example);
      expect(variable.schema.safeParse(value).success).toBe(true);
    },
  );
});
