import { setupI18n, type Messages } from "@lingui/core";
import { describe, expect, it } from "@jest/globals";
import german from "./de.json" with { type: "json" };
import english from "./en.json" with { type: "json" };
import { parseCatalogue } from "./words.js";

const catalogues = { en: parseCatalogue(english), de: parseCatalogue(german) };
const ids = Object.keys(catalogues.en);

/** The names of the gaps of a compiled message, those within its cases too. */
function gapsOf(message: unknown): readonly string[] {
  if (!Array.isArray(message)) return [];
  const names = message.flatMap((token: unknown) => {
    if (!Array.isArray(token)) return [];
    const [name, , cases] = token;
    const inner = typeof cases === "object" && cases !== null ? Object.values(cases).flatMap(gapsOf) : [];
    return [String(name), ...inner];
  });
  return [...new Set(names)].sort();
}

function speak(locale: keyof typeof catalogues, id: string, values: Readonly<Record<string, unknown>> = {}): string {
  const i18n = setupI18n({ locale, messages: catalogues });
  // Of a test's own, so not of the catalogue for the compiler.
  return Reflect.apply(i18n.t, i18n, [id, values]);
}

describe("the catalogues", () => {
  it("have the same texts", () => {
    expect(ids.length).toBeGreaterThan(250);
    expect(Object.keys(catalogues.de)).toEqual(ids);
  });

  it("fill the same gaps", () => {
    const gapsIn = (messages: Messages) => ids.map((id) => [id, ...gapsOf(messages[id])]);
    expect(gapsIn(catalogues.de)).toEqual(gapsIn(catalogues.en));
    expect(
      gapsOf(catalogues.de["“{name}” can’t be sent: it has {size}, and a file can have at most {limit}."]),
    ).toEqual(["limit", "name", "size"]);
  });

  it("say in English what stands in the source", () => {
    for (const id of ids.filter((each) => !each.includes("{"))) expect(speak("en", id)).toBe(id);
  });

  it.each([
    ["en", 1, "1 member"],
    ["en", 2, "2 members"],
    ["en", 1_200, "1,200 members"],
    ["de", 1, "1 Mitglied"],
    ["de", 0, "0 Mitglieder"],
    ["de", 1_200, "1.200 Mitglieder"],
  ] as const)("count in %s: %i", (locale, count, words) => {
    expect(speak(locale, "{count, plural, one {# member} other {# members}}", { count })).toBe(words);
  });

  it("keep names as they are, whatever they look like", () => {
    expect(speak("de", "Remove {name}", { name: "{x} # '" })).toBe("{x} # ' entfernen");
  });
});
